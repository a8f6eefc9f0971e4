import type { Endpoint, Family, Segment, SegmentFields, State, TcpOption } from '#tcp';
import type { Trace } from '#trace';

export interface PeerOptions {
  readonly family: Family;
  /** The server's end; null: wait for whoever dials `local`. */
  readonly remote: Endpoint | null;
  /** This end; a fresh one unless given. */
  readonly local?: Endpoint;
  /** Where the case's timeline is kept. null: it is one of many, of which no segment is told and no state looked up unasked. */
  readonly trace: Trace | null;
  /** Initial send sequence number; from the run's seed unless given. */
  readonly iss?: number;
  /** The window offered in every segment unless it says otherwise, bytes, not scaled. Default 65535. */
  readonly window?: number;
  /** Options of its SYN. Default: the largest segment that fits the link. */
  readonly synOptions?: readonly TcpOption[];
}

/** What a scripted segment may say differently from what a well-behaved endpoint would send here. */
export type Override = Partial<Omit<SegmentFields, 'payload'>>;

/** MSS that fits the link's MTU of 1500 bytes (RFC 9293 §3.7.1). */
export const MSS = { 4: 1460, 6: 1440 } as const;

/** A segment that was sent, and what it did. */
export interface Sent {
  readonly segment: Segment;
  /** The state of the server's socket right after it; of a peer without a timeline: when this is read. */
  readonly state: State;
  /** From writing the segment to knowing the state, microseconds. */
  readonly stateAfterUs: number;
}
