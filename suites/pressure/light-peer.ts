import type { WireCase } from '#case';
import {
  ACK,
  encodePacket,
  FIN,
  PSH,
  RST,
  segment,
  segmentLength,
  seq,
  seqAdd,
  seqDiff,
  SYN,
  type Endpoint,
  type Family,
  type Packet,
  type SegmentFields,
} from '#tcp';

/** Of what it receives it keeps so much: enough to know a short answer by. */
const KEPT_BYTES = 4096;
/** Largest segment that fits the link (RFC 9293 section 3.7.1). */
const MSS = { 4: 1460, 6: 1440 } as const;
/** Payload that fits the link on both families, bytes. */
const LARGEST = 1380;
/** What is not acknowledged by then is sent again: where the accept queue is full, Linux drops SYN and ACK. ms */
const RETRANSMIT_MS = 50;

/**
 * One of thousands of clients: it acknowledges what comes, answers a FIN with its own, sends again what was dropped, and
 * records nothing. A few hundred bytes each.
 */
export class LightPeer {
  readonly family: Family;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #wire: WireCase['wire'];
  readonly #window: number;
  #sndNxt = seq(1);
  #rcvNxt = seq(0);
  #acked = seq(0);
  #wake: (() => void) | undefined;
  #finSent = false;
  isOpen = false;
  /** Payload bytes that came in order since the last request. */
  received = 0;
  /** Their beginning, as latin1. */
  text = '';
  end: 'FIN' | 'RST' | null = null;

  constructor({ wire, family, server }: Pick<WireCase, 'wire' | 'family' | 'server'>, window = 0xffff) {
    this.#wire = wire;
    this.#window = window;
    this.family = family;
    this.remote = server;
    this.local = wire.freshEndpoint(family);
    wire.settle(this);
  }

  /** Opens the connection. @returns false when the server has refused it, or not answered within the time */
  async open(withinMs: number): Promise<boolean> {
    const options = [{ kind: 'mss', bytes: MSS[this.family] }] as const;
    const syn = { flags: SYN, seq: seq(0), ack: seq(0), options };
    return (await this.#insist(syn, () => this.isOpen, withinMs)) && this.end === null;
  }

  /** Sends data until the server's kernel has it. @returns false when it has not within the time */
  async request(bytes: string | Uint8Array, withinMs: number): Promise<boolean> {
    this.received = 0;
    this.text = '';
    const payload = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    for (let at = 0; at < payload.length; at += LARGEST) {
      const piece = payload.subarray(at, at + LARGEST);
      const data = { flags: ACK | PSH, seq: this.#sndNxt, payload: piece };
      this.#sndNxt = seqAdd(this.#sndNxt, piece.length);
      if (!(await this.#insist(data, () => seqDiff(this.#acked, this.#sndNxt) >= 0, withinMs))) return false;
    }
    return true;
  }

  /** Sends data, once. */
  push(bytes: string): void {
    this.#send({ flags: ACK | PSH, payload: Buffer.from(bytes, 'latin1') });
    this.#sndNxt = seqAdd(this.#sndNxt, bytes.length);
    this.#wire.drain();
  }

  /** Waits until `done` holds, at each arrival. @returns whether it does */
  async until(done: () => boolean, withinMs: number): Promise<boolean> {
    this.#wire.drain();
    if (done()) return true;
    return new Promise((resolve) => {
      const stop = (found: boolean): void => {
        clearTimeout(deadline);
        this.#wake = undefined;
        resolve(found);
      };
      const deadline = setTimeout(() => stop(done()), withinMs);
      this.#wake = () => {
        if (done()) stop(true);
      };
    });
  }

  fin(): void {
    if (this.#finSent || this.end !== null) return;
    this.#finSent = true;
    this.#send({ flags: FIN | ACK });
    this.#sndNxt = seqAdd(this.#sndNxt, 1);
    this.#wire.drain();
  }

  /** Ends the connection by a RST, unless it has ended, and leaves the wire. */
  reset(): void {
    if (this.end !== 'RST') this.#send({ flags: RST | ACK });
    this.leave();
  }

  leave(): void {
    this.#wire.leave(this);
  }

  receive({ packet }: { readonly packet: Packet }): void {
    const { flags, payload } = packet;
    if ((flags & RST) !== 0) this.end = 'RST';
    else if ((flags & SYN) !== 0) this.#open(packet);
    else this.#take(packet, payload);
    this.#wake?.();
  }

  #open(packet: Packet): void {
    this.isOpen = true;
    this.#acked = packet.ack;
    this.#rcvNxt = seqAdd(packet.seq, 1);
    this.#send({ flags: ACK });
  }

  #take(packet: Packet, payload: Uint8Array): void {
    if (seqDiff(packet.ack, this.#acked) > 0) this.#acked = packet.ack;
    const length = segmentLength(packet);
    if (length === 0) return;
    if (packet.seq === this.#rcvNxt) {
      this.#rcvNxt = seqAdd(this.#rcvNxt, length);
      this.received += payload.length;
      if (this.text.length < KEPT_BYTES) this.text += Buffer.from(payload).toString('latin1');
      if ((packet.flags & FIN) !== 0) this.end = 'FIN';
    }
    if (this.end !== 'FIN' || this.#finSent) return this.#send({ flags: ACK });
    this.#finSent = true;
    this.#send({ flags: FIN | ACK });
    this.#sndNxt = seqAdd(this.#sndNxt, 1);
  }

  /** Sends now, and again until `done` holds or the connection has ended. */
  async #insist(fields: SegmentFields, done: () => boolean, withinMs: number): Promise<boolean> {
    const over = (): boolean => done() || this.end !== null;
    const deadlineMs = performance.now() + withinMs;
    do {
      this.#send(fields);
      if (await this.until(over, RETRANSMIT_MS)) return done();
    } while (performance.now() < deadlineMs);
    return false;
  }

  #send(fields: SegmentFields): void {
    const value = segment({ seq: this.#sndNxt, ack: this.#rcvNxt, window: this.#window, ...fields });
    this.#wire.inject(encodePacket({ family: this.family, from: this.local, to: this.remote, ...value }));
  }
}
