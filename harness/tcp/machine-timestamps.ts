import { type Turn, update } from './machine-turn.ts';
import type { Segment } from './segment.ts';
import { seq, seqLe } from './seq.ts';

/** TSval of a segment; null where it has no Timestamps option. */
export function timestampOf({ options }: Segment): number | null {
  return options.find((option) => option.kind === 'timestamps')?.value ?? null;
}

/**
 * Keeps the last timestamp of a connection that uses them, as RFC 7323 §4.3 (2) does: of a segment at the left edge, and never
 * a smaller one. Only RFC 6191 reads it here; segments are not refused for it (PAWS).
 */
export function recordTimestamp(turn: Turn, segment: Segment): Turn {
  const { tsRecent, rcv } = turn.tcb;
  const value = timestampOf(segment);
  if (tsRecent === null || value === null) return turn;
  if (!seqLe(segment.seq, rcv.nxt) || !seqLe(seq(tsRecent), seq(value))) return turn;
  return update(turn, { tsRecent: value });
}
