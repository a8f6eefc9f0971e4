import { RST } from './flags.ts';
import { returnToListen } from './machine-listen.ts';
import { has } from './machine-segments.ts';
import { challenge, isInWindow } from './machine-sequence.ts';
import type { TcbState } from './machine-tcb.ts';
import { cite, drop, remove, signal, type Step, type Turn } from './machine-turn.ts';

/** Second, check the RST bit (§3.10.7.4). */
export const checkReset: Step = (turn, segment, options) => {
  if (!has(segment, RST)) return [turn];
  const { state, rcv } = turn.tcb;
  const taken = resetAt(turn, segment.seq === rcv.nxt, isInWindow(segment, rcv), options.rfc5961Reset);
  if (state !== 'TIME_WAIT' || !options.rfc1337) return [taken];
  const ignored = drop(cite(turn, 1337, '3'));
  return taken.gone ? [ignored] : [ignored, taken];
};

function resetAt(turn: Turn, exact: boolean, inWindow: boolean, rfc5961: boolean): Turn {
  if (!inWindow) return drop(rfc5961 ? cite(turn, 5961, '3.2') : cite(turn, 9293, '3.5.3'));
  return rfc5961 && !exact ? challenge(turn, '3.2') : reset(turn);
}

/** States in which the user is told: in CLOSING, LAST_ACK and TIME_WAIT it has already had all that it waited for. */
const TOLD = new Set<TcbState>(['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT']);

function reset(turn: Turn): Turn {
  const { state, passive } = turn.tcb;
  if (state === 'SYN_RCVD') return passive ? returnToListen(turn) : remove(signal(turn, 'refused'));
  return remove(TOLD.has(state) ? signal(turn, 'reset') : turn);
}
