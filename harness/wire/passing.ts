import type { Packet, Seq } from '#tcp';
import type { FaultAct, Side } from '#trace';

/** A packet on its way across the wire, and what happens to it at its end. */
export interface Passing {
  readonly from: Side;
  readonly packet: Packet;
  readonly bytes: Uint8Array;
  /** Its sender's initial sequence number; null: nobody keeps count of this connection. */
  readonly origin: Seq | null;
  /** Its sender has sent all of it before, whether or not that arrived. */
  readonly retransmission: boolean;
  /** Its checksum is wrong: a sound receiver takes no notice of it. */
  readonly damaged?: boolean;
  /** Hands it to the other end. */
  arrive(passing: Passing): void;
  /** Writes into the connection's timeline what a rule has done to it. */
  tell(passing: Passing, act: FaultAct, detail: string): void;
}
