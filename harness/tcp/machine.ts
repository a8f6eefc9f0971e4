import { checkAck, checkAckBit, checkAckRange, checkOrder } from './machine-ack.ts';
import { stepClosed } from './machine-closed.ts';
import type { MachineEvent, Outcomes } from './machine-events.ts';
import { listen } from './machine-listen.ts';
import { MACHINE_DEFAULTS, type MachineOptions } from './machine-options.ts';
import { flush } from './machine-output.ts';
import { checkFin, checkUrgent, processText } from './machine-receive.ts';
import { reopen } from './machine-reopen.ts';
import { checkReset } from './machine-reset.ts';
import { checkSequence } from './machine-sequence.ts';
import { checkSyn } from './machine-syn.ts';
import { checkSynSentAck, checkSynSentReset, checkSynSentSyn } from './machine-syn-sent.ts';
import type { Tcb, TcbState } from './machine-tcb.ts';
import { timeOut } from './machine-timeouts.ts';
import { cite, outcomesOf, runSteps, startTurn, type Step, type Turn } from './machine-turn.ts';
import { abort, close, open, receive, send, shutdown } from './machine-user.ts';

/**
 * RFC 9293's connection as a pure function: what an event (§3.10) may make of a TCB (null: CLOSED), the preferred outcome
 * first. Time, addresses, security compartments, window scaling, PAWS and congestion control are not modelled.
 */
export function step(
  tcb: Tcb | null,
  event: MachineEvent,
  options: MachineOptions = MACHINE_DEFAULTS,
): Outcomes {
  return tcb === null ? stepClosed(event) : outcomesOf(turnsOf(tcb, event, options).map(flush));
}

function turnsOf(tcb: Tcb, event: MachineEvent, options: MachineOptions): readonly Turn[] {
  switch (event.type) {
    case 'open':
      return open(tcb, event);
    case 'send':
      return send(tcb, event.text);
    case 'receive':
      return receive(tcb, event.bytes);
    case 'shutdown':
      return shutdown(tcb);
    case 'close':
      return close(tcb, options);
    case 'abort':
      return abort(tcb);
    case 'segment': {
      const [section, steps] = segmentArrives(tcb.state);
      return runSteps(cite(startTurn(tcb), 9293, section), steps, event.segment, options);
    }
    case 'timeout':
      return [timeOut(tcb, event.timer)];
  }
}

/** SEGMENT ARRIVES: the section of §3.10.7 for the state, and its steps in its order. */
function segmentArrives(state: TcbState): readonly [section: string, steps: readonly Step[]] {
  if (state === 'LISTEN') return ['3.10.7.2', [listen]];
  return state === 'SYN_SENT' ? ['3.10.7.3', SYN_SENT] : ['3.10.7.4', OTHER_STATES];
}

const CONTENTS: readonly Step[] = [checkUrgent, processText, checkFin];
const SYN_SENT: readonly Step[] = [checkSynSentAck, checkSynSentReset, checkSynSentSyn, ...CONTENTS];
const OTHER_STATES: readonly Step[] = [
  reopen,
  checkSequence,
  checkReset,
  checkSyn,
  checkAckBit,
  checkAckRange,
  checkOrder,
  checkAck,
  ...CONTENTS,
];
