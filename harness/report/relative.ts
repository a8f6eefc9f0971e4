import type { SegmentEvent, Side } from '#trace';
import { seq, seqDiff, type Seq } from '#tcp';

type Numbered = Pick<SegmentEvent, 'from' | 'flags' | 'seq' | 'ack'>;

/**
 * Makes sequence numbers relative to each side's initial one, the way analysers show them: SYN is 0, the first byte
 * 1. Give it the segments of a trace in order. Where a side's SYN was not seen, its first number counts as 1. A new
 * SYN without ACK starts a new connection. Numbers behind the initial one are negative.
 */
export function relativeNumbers(): (segment: Numbered) => { seq: number; ack: number | null } {
  const initial: Record<Side, Seq | undefined> = { client: undefined, server: undefined };
  return ({ from, flags, ...segment }) => {
    const to = from === 'client' ? 'server' : 'client';
    const [syn, hasAck] = [flags.includes('S'), flags.includes('A')];
    const number = seq(segment.seq);
    if (syn && !hasAck && initial[from] !== number) initial[to] = undefined;
    if (syn) initial[from] = number;
    initial[from] ??= seq(segment.seq - 1);
    if (hasAck) initial[to] ??= seq(segment.ack - 1);
    return {
      seq: seqDiff(number, initial[from]),
      ack: hasAck ? seqDiff(seq(segment.ack), initial[to]!) : null,
    };
  };
}
