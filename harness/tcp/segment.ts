import type { Endpoint, Family } from './address.ts';
import type { Flags } from './flags.ts';
import type { TcpOption } from './options.ts';
import type { Seq } from './seq.ts';

/** One TCP segment (RFC 9293 §3.1) as a meaningful value: what cannot be said here, the views can still write. */
export interface Segment {
  readonly flags: Flags;
  readonly seq: Seq;
  /** Means something only with the ACK flag; 0 without it unless a test wants otherwise. */
  readonly ack: Seq;
  /** The window field as sent: bytes, before any window scaling. */
  readonly window: number;
  readonly urgent: number;
  readonly options: readonly TcpOption[];
  readonly payload: Uint8Array;
}

/** A segment with the IP addresses it travels between. */
export interface Packet extends Segment {
  readonly family: Family;
  readonly from: Endpoint;
  readonly to: Endpoint;
}
