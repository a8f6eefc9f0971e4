import type { Endpoint, Family, Packet } from '#tcp';
import type { Flow } from './flow.ts';
import type { Passing } from './passing.ts';

/** Who lives at an address on the wire: a peer that has been scripted. */
export interface Inhabitant {
  readonly family: Family;
  readonly local: Endpoint;
  /** null while it waits for whoever calls. */
  readonly remote: Endpoint | null;
  receive(arrival: Arrival): void;
  /** What the server has sent to it: for rules that go by relative numbers or retransmissions. */
  readonly flow?: Flow;
  /** A rule has done something to a packet for it. */
  readonly faulted?: Passing['tell'];
}

/** A packet that has arrived. */
export interface Arrival {
  readonly packet: Packet;
  readonly bytes: Uint8Array;
  /** When it was read from the link, on the clock of nowUs. */
  readonly atUs: number;
  /** False: another one for the same inhabitant was there already, so that a state looked up now may be that one's doing. */
  readonly isLast: boolean;
}
