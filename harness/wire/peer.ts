import { CloseWaitError, nowUs } from '#core';
import type { FaultAct, PathEntry, StateSource } from '#trace';
import {
  ACK,
  encodePacket,
  formatEndpoint,
  RST,
  segment,
  segmentLength,
  seq,
  seqAdd,
  seqLe,
  type Endpoint,
  type Family,
  type Packet,
  type SegmentFields,
  type Seq,
  type State,
  type TcpOption,
  type Tuple,
} from '#tcp';
import { Flow } from './flow.ts';
import { Mailbox, type Pattern, type Received } from './mailbox.ts';
import { MSS, type PeerOptions, type Sent } from './peer-options.ts';
import type { Passing } from './passing.ts';
import { Reader, type Outcome } from './reader.ts';
import { ReceiveStream } from './receive-stream.ts';
import { Recorder } from './recorder.ts';
import { SegmentSender } from './segment-sender.ts';
import type { Arrival, Inhabitant } from './inhabitant.ts';
import type { Wire } from './wire.ts';
import { withStateOf } from './with-state-of.ts';

/**
 * A TCP endpoint in userspace whose every segment is scripted: it sends nothing by itself, no acknowledgement, no
 * retransmission, no RST. It keeps count, so that a field left out has the value that a well-behaved endpoint would put
 * there; and it records each segment with the state that it caused at the server.
 */
export class Peer extends SegmentSender implements Inhabitant, StateSource {
  readonly family: Family;
  readonly local: Endpoint;
  readonly iss: Seq;
  /** SND.NXT: what the next new byte is numbered. */
  sndNxt: Seq;
  window: number;
  readonly flow = new Flow();
  readonly #wire: Wire;
  /** null: nobody watches this one. */
  readonly #recorder: Recorder | null;
  protected readonly synOptions: readonly TcpOption[];
  readonly #mailbox = new Mailbox();
  readonly #stream = new ReceiveStream();
  readonly #reader = new Reader(this, this.#mailbox, this.#stream);
  #remote: Endpoint | null;

  constructor(wire: Wire, options: PeerOptions) {
    super();
    this.#wire = wire;
    this.#recorder = options.trace === null ? null : new Recorder(options.trace);
    this.family = options.family;
    this.#remote = options.remote;
    this.local = options.local ?? wire.freshEndpoint(options.family);
    this.iss = seq(options.iss ?? wire.random.below(0x1_0000_0000));
    this.sndNxt = this.iss;
    this.window = options.window ?? 0xffff;
    this.synOptions = options.synOptions ?? [{ kind: 'mss', bytes: MSS[options.family] }];
    wire.settle(this);
    if (this.#remote !== null && this.#recorder !== null)
      this.#recorder.open(this.tuple, wire.isListening(this.#remote, this.family) ? 'LISTEN' : null);
  }

  /** RCV.NXT: one past what has arrived in order, whether or not it was acknowledged. null before the server's SYN. */
  get rcvNxt(): Seq | null {
    return this.#stream.next;
  }

  /** The server's initial sequence number; null before its SYN. */
  get irs(): Seq | null {
    return this.#stream.irs;
  }

  get remote(): Endpoint | null {
    return this.#remote;
  }

  /** The connection as the server's socket sees it. @throws CW_PEER_UNCONNECTED before anybody has called */
  get tuple(): Tuple {
    return { family: this.family, local: this.#caller('look up'), remote: this.local };
  }

  /** The state of the server's socket, now. Also noted in the timeline when it is new. @param cause what may have changed it */
  state(cause = 'lookup'): State {
    const state = this.#wire.stateOf(this.tuple);
    this.#recorder?.state(state, cause);
    return state;
  }

  path(): readonly PathEntry[] {
    return this.#recorder?.path() ?? [];
  }

  changed(ms: number): Promise<void> {
    this.#wire.drain();
    return this.#mailbox.changed(ms);
  }

  override toString(): string {
    const remote = this.#remote === null ? 'of whoever dials' : `socket ${formatEndpoint(this.#remote)}`;
    return `the server's ${remote} < ${formatEndpoint(this.local)}`;
  }

  // Segments. Each is processed by the server's kernel inside the call.

  /** Any segment. Left out: seq SND.NXT, ack RCV.NXT, the peer's window. New sequence numbers count as sent. */
  override send(fields: SegmentFields): Sent {
    const to = this.#caller('send');
    const ack = this.rcvNxt ?? seq(0);
    const value = segment({ seq: this.sndNxt, ack, window: this.window, ...fields });
    const packet: Packet = { family: this.family, from: this.local, to, ...value };
    const bytes = encodePacket(packet);
    const length = segmentLength(value);
    const end = seqAdd(value.seq, length);
    const retransmission = length > 0 && seqLe(end, this.sndNxt);
    if (length > 0 && !retransmission && seqLe(value.seq, this.sndNxt)) this.sndNxt = end;
    // What came before this segment is told before it.
    this.#wire.drain();
    const recorder = this.#recorder;
    if (recorder === null) {
      this.#wire.inject(bytes);
      this.#wire.drain();
      return withStateOf(this, { segment: value, stateAfterUs: 0 });
    }
    let sent: Sent | undefined;
    const arrive = (passing: Passing): void => {
      const atUs = nowUs();
      this.#wire.put(passing.bytes);
      const state = this.#wire.stateOf(this.tuple);
      const knownUs = nowUs();
      recorder.cross(passing.packet, { ...passing, atUs, state, knownUs });
      sent ??= { segment: value, state, stateAfterUs: knownUs - atUs };
    };
    const tell = this.faulted.bind(this);
    this.#wire.carry({ from: 'client', packet, bytes, origin: this.iss, retransmission, arrive, tell });
    this.#wire.drain();
    return sent ?? { segment: value, state: this.state(), stateAfterUs: 0 };
  }

  /** A rule of the wire has done something to a packet of this connection. */
  faulted(passing: Passing, act: FaultAct, detail: string): void {
    this.#recorder?.fault(passing, act, detail, this.#wire.stateOf(this.tuple));
  }

  // What arrives.

  receive({ packet, bytes, atUs, isLast }: Arrival): void {
    if (this.#remote === null) this.#answerTo(packet.from, atUs);
    const retransmission = !this.#stream.accept(packet);
    if (this.#recorder === null)
      return this.#mailbox.put(withStateOf(this, { ...packet, retransmission, atUs }));
    const state = this.#wire.stateOf(this.tuple);
    const told = isLast ? state : null;
    const knownUs = nowUs();
    this.#recorder.cross(packet, { from: 'server', bytes, atUs, state: told, knownUs, retransmission });
    this.#mailbox.put({ ...packet, retransmission, state, atUs });
  }

  /**
   * The next segment that matches; those before it count as seen. A field left out of the pattern means "do not care".
   * @param withinMs how long it may take, default 2000
   * @throws CW_UNMET with what arrived instead
   */
  async expect(pattern: Pattern, withinMs = 2000): Promise<Received> {
    this.#wire.drain();
    return this.#mailbox.take(pattern, withinMs);
  }

  /**
   * Holds when no new segment matches. What the kernel sends at once is known at once, without waiting; `forMs` adds time
   * for what it delays: acknowledgements by up to 44 ms, an application's answers as long as that takes.
   * @throws CW_UNMET with the segment that came
   */
  async nothing(pattern: Pattern = {}, forMs = 0): Promise<void> {
    await this.#wire.fence();
    await this.#mailbox.none(pattern, forMs);
  }

  /** Opens the connection: SYN, SYN-ACK, ACK. */
  async connect(withinMs = 2000): Promise<void> {
    this.syn();
    await this.expect({ flags: 'SA' }, withinMs);
    this.ack();
  }

  /**
   * The stream's bytes until `enough` says so, acknowledging data as it comes, but never a FIN.
   * @throws CW_UNMET when it does not within `withinMs`, or the server ends the stream before
   */
  read(enough: (bytes: Buffer) => boolean, withinMs = 5000): Promise<Buffer> {
    this.#wire.drain();
    return this.#reader.read(enough, withinMs);
  }

  /**
   * The server's FIN, not acknowledged; data before it is. Null when none comes within `withinMs`.
   * @throws CW_UNMET when the server resets the connection instead
   */
  end(withinMs: number): Promise<Received | null> {
    this.#wire.drain();
    return this.#reader.end(withinMs);
  }

  /**
   * The stream's bytes up to its end, acknowledging data as it comes, but not the FIN (nor data in the same segment).
   * @throws CW_UNMET when no end comes within `withinMs`, or it is a RST
   */
  readToFin(withinMs = 5000): Promise<{ bytes: Buffer; fin: Received }> {
    this.#wire.drain();
    return this.#reader.readToFin(withinMs);
  }

  /**
   * What comes until the server ends the stream, by FIN or RST, or `enough` holds, acknowledging data as it comes, but not
   * the FIN (nor data in the same segment). Never throws.
   */
  outcome(withinMs: number, enough: (bytes: Buffer) => boolean = () => false): Promise<Outcome> {
    this.#wire.drain();
    return this.#reader.outcome(withinMs, enough);
  }

  /** Leaves nothing of the connection at the server, by a RST where that helps, and leaves the wire. */
  close(): void {
    this.#wire.leave(this);
    if (this.#remote === null || this.#wire.stateOf(this.tuple) === 'CLOSED') return;
    const reset = segment({ flags: RST | ACK, seq: this.sndNxt, ack: this.rcvNxt ?? seq(0) });
    this.#wire.inject(encodePacket({ family: this.family, from: this.local, to: this.#remote, ...reset }));
    this.#wire.destroy(this.tuple);
  }

  #caller(verb: string): Endpoint {
    if (this.#remote !== null) return this.#remote;
    throw new CloseWaitError('CW_PEER_UNCONNECTED', `a peer that nobody has called has nobody to ${verb}`);
  }

  #answerTo(caller: Endpoint, atUs: number): void {
    this.#wire.leave(this);
    this.#remote = caller;
    this.#wire.settle(this);
    this.#recorder?.open(this.tuple, 'CLOSED', atUs);
  }
}
