import { ACK, FIN, RST, SYN } from './flags.ts';
import { has } from './machine-segments.ts';
import type { ReceiveSpace, Tcb } from './machine-tcb.ts';
import { recordTimestamp } from './machine-timestamps.ts';
import { ackAndDrop, cite, drop, type Step, type Turn } from './machine-turn.ts';
import { type Segment, segmentLength } from './segment.ts';
import { seqAdd, seqInWindow } from './seq.ts';

/** First, check sequence number (§3.10.7.4). What is not acceptable draws an ACK, with some leave to use a part of it. */
export const checkSequence: Step = (turn, segment) => {
  const { tcb } = turn;
  if (isAcceptable(segment, tcb.rcv)) return [recordTimestamp(turn, segment)];
  if (has(segment, RST)) return [isAtZeroWindow(segment, tcb.rcv) ? cite(turn, 9293, '3.4') : drop(turn)];
  const answered = ackAndDrop(turn);
  if (isCrossingSynAck(segment, tcb)) {
    const used = cite(turn, 9293, 'A.2');
    return [answered, used, { ...used, ackDue: true }];
  }
  if (isAtZeroWindow(segment, tcb.rcv) && !has(segment, SYN)) return [{ ...turn, ackDue: true }, answered];
  if (tcb.state === 'TIME_WAIT' && has(segment, FIN))
    return [{ ...answered, startsTimeWait: true }, answered];
  return [answered];
};

/** Table 6, its four cases. */
function isAcceptable(segment: Segment, { nxt, wnd }: ReceiveSpace): boolean {
  const length = segmentLength(segment);
  if (wnd === 0) return length === 0 && segment.seq === nxt;
  if (seqInWindow(segment.seq, nxt, wnd)) return true;
  return length > 0 && seqInWindow(seqAdd(segment.seq, length - 1), nxt, wnd);
}

/**
 * Text where there is no room for it. "Special allowance should be made to accept valid ACKs, URGs, and RSTs"; a RST must be
 * (§3.4 MUST-66). The window itself keeps its text and FIN out.
 */
function isAtZeroWindow(segment: Segment, { nxt, wnd }: ReceiveSpace): boolean {
  return wnd === 0 && segment.seq === nxt;
}

/**
 * The SYN,ACK of a simultaneous open: figure 7 enters ESTABLISHED on it, the test refuses it for a SYN that has already been
 * counted. Appendix A.2 leaves that open; by either way both sides are open in the end.
 */
function isCrossingSynAck(segment: Segment, { state, passive, irs }: Tcb): boolean {
  return state === 'SYN_RCVD' && !passive && has(segment, SYN) && has(segment, ACK) && segment.seq === irs;
}

/** Whether a segment's own number, and not only some byte behind it, is in the window (RFC 5961 §3.2, errata 4845). */
export function isInWindow({ seq }: Segment, { nxt, wnd }: ReceiveSpace): boolean {
  return seqInWindow(seq, nxt, Math.max(wnd, 1));
}

/** The answer that RFC 5961 calls a challenge ACK. */
export function challenge(turn: Turn, section: '3.2' | '4.2' | '5.2'): Turn {
  return ackAndDrop(cite(turn, 5961, section));
}
