import type { Endpoint, Family } from './address.ts';
import { type Flags, FIN, parseFlags, SYN } from './flags.ts';
import type { TcpOption } from './options.ts';
import { type Seq, seq } from './seq.ts';

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

/** The fields of a segment that matter; `flags` as bits, or as letters: `'SA'`. */
export type SegmentFields = Partial<Omit<Segment, 'flags'>> & { readonly flags?: Flags | string };

/**
 * A segment from the fields that matter: those left out are zero or empty, the window 65535.
 * @throws CW_FLAGS
 */
export function segment(fields: SegmentFields): Segment {
  const { flags = 0 } = fields;
  return {
    seq: seq(0),
    ack: seq(0),
    window: 0xffff,
    urgent: 0,
    options: [],
    payload: NO_BYTES,
    ...fields,
    flags: typeof flags === 'string' ? parseFlags(flags) : flags,
  };
}

const NO_BYTES = new Uint8Array(0);

/** SEG.LEN: the sequence numbers that it takes up. SYN and FIN take one each (RFC 9293 §3.4). */
export function segmentLength({ flags, payload }: Pick<Segment, 'flags' | 'payload'>): number {
  return payload.length + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1);
}
