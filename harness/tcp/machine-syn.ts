import { SYN } from './flags.ts';
import { returnToListen } from './machine-listen.ts';
import { has, resetAnswer, resetSegment } from './machine-segments.ts';
import { challenge, isInWindow } from './machine-sequence.ts';
import { resetConnection, signal, type Step } from './machine-turn.ts';

/**
 * Fourth, check the SYN bit (§3.10.7.4). A SYN left of the window is here for what stands behind it, and is trimmed off; but
 * RFC 5961 answers it "irrespective of the sequence number". For TIME_WAIT see `reopen`, which came before.
 */
export const checkSyn: Step = (turn, segment, options) => {
  if (!has(segment, SYN)) return [turn];
  const { state, passive, rcv } = turn.tcb;
  const inWindow = isInWindow(segment, rcv);
  if (state === 'SYN_RCVD' && passive && inWindow) return [returnToListen(turn)];
  if (state === 'SYN_RCVD' && !inWindow) return [turn];
  if (options.rfc5961Syn) return [challenge(turn, '4.2')];
  if (!inWindow) return [turn];
  return resetConnection(signal(turn, 'reset'), resetAnswer(segment), resetSegment(turn.tcb));
};
