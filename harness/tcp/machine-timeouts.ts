import type { MachineEvent } from './machine-events.ts';
import { finSegment, synAckSegment, synSegment, textSegment } from './machine-segments.ts';
import { type Tcb, textInFlight } from './machine-tcb.ts';
import { cite, emit, remove, signal, startTurn, type Turn } from './machine-turn.ts';
import type { Segment } from './segment.ts';

type Timer = Extract<MachineEvent, { type: 'timeout' }>['timer'];

/** §3.10.8. A timer that does not run in the state does nothing. */
export function timeOut(tcb: Tcb, timer: Timer): Turn {
  const turn = cite(startTurn(tcb), 9293, '3.10.8');
  switch (timer) {
    case 'user':
      return remove(signal(turn, 'timeout'));
    case 'time-wait':
      return tcb.state === 'TIME_WAIT' ? remove(turn) : turn;
    case 'retransmission': {
      const front = oldestInFlight(tcb);
      return front === null ? turn : emit(turn, front);
    }
  }
}

/** "The segment at the front of the retransmission queue"; null where all is acknowledged. Windows are not probed. */
function oldestInFlight(tcb: Tcb): Segment | null {
  const { snd, queue, state } = tcb;
  if (snd.una === snd.nxt) return null;
  if (!tcb.synAcked) return state === 'SYN_SENT' ? synSegment(tcb) : synAckSegment(tcb);
  const text = textInFlight(tcb);
  if (text === 0) return finSegment(tcb, snd.una);
  const count = Math.min(text, snd.mss);
  return textSegment(tcb, snd.una, queue.slice(0, count), count === queue.length);
}
