import { segmentLength, seqAdd, seqLe, SYN, type Packet, type Seq } from '#tcp';

/** One direction of a connection, as its sender has sent it: before the wire did anything to it. */
export class Flow {
  /** Initial sequence number; where the SYN was not seen, one before the first number that was. null before anything came. */
  origin: Seq | null = null;
  /** One past the highest number that was sent. */
  #next: Seq | null = null;

  /** Takes in a packet. @returns whether all of it was sent before: a retransmission */
  note(packet: Packet): boolean {
    const length = segmentLength(packet);
    const end = seqAdd(packet.seq, length);
    if ((packet.flags & SYN) !== 0) {
      const again = this.origin === packet.seq;
      this.origin = packet.seq;
      if (!again) this.#next = end;
      return again;
    }
    this.origin ??= seqAdd(packet.seq, -1);
    this.#next ??= packet.seq;
    if (length === 0) return false;
    if (seqLe(end, this.#next)) return true;
    this.#next = end;
    return false;
  }
}
