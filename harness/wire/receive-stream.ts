import { SYN, segmentLength, seqAdd, seqLe, type Packet, type Seq } from '#tcp';

/** What has arrived of the other end's stream, in order, whether or not it was acknowledged. */
export class ReceiveStream {
  /** The other end's initial sequence number; null before its SYN. */
  irs: Seq | null = null;
  /** RCV.NXT: one past what has arrived in order; null before its SYN. */
  next: Seq | null = null;
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** Takes in a packet. False for what was there before: a retransmission. */
  accept(packet: Packet): boolean {
    const length = segmentLength(packet);
    if ((packet.flags & SYN) !== 0) {
      const isNew = this.irs !== packet.seq;
      this.irs = packet.seq;
      this.next ??= seqAdd(packet.seq, 1);
      return isNew;
    }
    if (this.next === null || length === 0) return true;
    const end = seqAdd(packet.seq, length);
    if (seqLe(end, this.next)) return false;
    if (seqLe(packet.seq, this.next)) {
      const known = (this.next - packet.seq) >>> 0;
      if (packet.payload.length > known) this.#append(packet.payload.subarray(known));
      this.next = end;
    }
    return true;
  }

  /** The bytes that nobody has taken yet. */
  get unread(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  take(): Buffer {
    const bytes = this.unread;
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }

  /** Room is doubled when it is short: a stream of megabytes comes in pieces of a segment. */
  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#buffer.length, length));
      larger.set(this.unread);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }
}
