import { ACK, FIN } from './flags.ts';
import { has, resetAnswer } from './machine-segments.ts';
import { challenge } from './machine-sequence.ts';
import { isFinAcked, RECEIVING, textInFlight } from './machine-tcb.ts';
import { trimToWindow } from './machine-text.ts';
import {
  ackAndDrop,
  cite,
  drop,
  emit,
  enter,
  remove,
  signal,
  type Step,
  type Turn,
  update,
  updateSnd,
} from './machine-turn.ts';
import type { Segment } from './segment.ts';
import { type Seq, seqAdd, seqDiff, seqLe, seqLt } from './seq.ts';

/** Fifth, check the ACK field (§3.10.7.4): "if the ACK bit is off, drop the segment and return". */
export const checkAckBit: Step = (turn, segment) => [has(segment, ACK) ? turn : drop(turn)];

/**
 * (SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT (RFC 5961 §5.2). In SYN_RCVD §3.5.2, group 2, resets what acknowledges
 * something never sent: there both answers are allowed.
 */
export const checkAckRange: Step = (turn, segment, options) => {
  const { snd, state } = turn.tcb;
  const inRange = seqLe(seqAdd(snd.una, -snd.maxWnd), segment.ack) && seqLe(segment.ack, snd.nxt);
  if (!options.rfc5961Ack || inRange) return [turn];
  const challenged = challenge(turn, '5.2');
  return state === 'SYN_RCVD' ? [cite(turn, 9293, '3.5.2'), challenged] : [challenged];
};

/**
 * A segment that begins beyond RCV.NXT. Its ACK is looked at on arrival here, text and FIN wait. But "further processing is
 * done in SEG.SEQ order", so that a stack may hold the whole segment; its ACK, which the peer repeats, is then not used.
 */
export const checkOrder: Step = (turn, segment) => {
  const { rcv, held, state } = turn.tcb;
  const rest = trimToWindow(segment, rcv);
  if (seqLe(rest.seq, rcv.nxt)) return [turn];
  const holds = (rest.payload.length > 0 || has(rest, FIN)) && (state === 'SYN_RCVD' || RECEIVING.has(state));
  return [turn, ...mayAck(drop(holds ? update(turn, { held: [...held, rest] }) : turn))];
};

/** MAY-13: an ACK, or none, for a segment that is in the window and not at its left edge, where text is received. */
export function mayAck(turn: Turn): Turn[] {
  return RECEIVING.has(turn.tcb.state) ? [{ ...turn, ackDue: true }, turn] : [turn];
}

/** The rest of the fifth step, state by state. */
export const checkAck: Step = (turn, segment) => {
  const { state, snd } = turn.tcb;
  if (state === 'SYN_RCVD') return [establish(turn, segment)];
  if (seqLt(snd.nxt, segment.ack)) return [ackAndDrop(turn)];
  if (state === 'TIME_WAIT') return checkTimeWait(turn, segment);

  const advanced = updateWindow(acknowledge(turn, segment.ack), segment);
  const finAcked = isFinAcked(advanced.tcb);
  if (state === 'CLOSING') return [finAcked ? enter(advanced, 'TIME_WAIT') : drop(advanced)];
  if (state === 'FIN_WAIT_1' && finAcked) return [enter(advanced, 'FIN_WAIT_2')];
  return [state === 'LAST_ACK' && finAcked ? remove(advanced) : advanced];
};

function establish(turn: Turn, segment: Segment): Turn {
  const { snd } = turn.tcb;
  if (!seqLt(snd.una, segment.ack) || seqLt(snd.nxt, segment.ack))
    return drop(emit(turn, resetAnswer(segment)));
  const acked = acknowledge(update(turn, { reopened: null }), segment.ack);
  return signal(enter(setWindow(acked, segment), 'ESTABLISHED'), 'established');
}

/**
 * "The only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL
 * timeout." Something else is left to go on unanswered; to answer it all the same is within these words.
 */
function checkTimeWait(turn: Turn, segment: Segment): readonly Turn[] {
  const restarted = { ...turn, ackDue: true, startsTimeWait: true };
  return has(segment, FIN) ? [restarted] : [turn, restarted];
}

/** SND.UNA <- SEG.ACK where SND.UNA < SEG.ACK: what it acknowledges leaves the retransmission queue. */
export function acknowledge(turn: Turn, ack: Seq): Turn {
  const { snd, queue } = turn.tcb;
  if (!seqLt(snd.una, ack)) return turn;
  // No text is in flight together with our SYN.
  const text = Math.min(seqDiff(ack, snd.una), textInFlight(turn.tcb));
  return updateSnd(update(turn, { queue: queue.subarray(text), synAcked: true }), { una: ack });
}

/** "The check here prevents using old segments to update the window." */
function updateWindow(turn: Turn, segment: Segment): Turn {
  const { una, wl1, wl2 } = turn.tcb.snd;
  if (seqLt(segment.ack, una)) return turn;
  const newer = seqLt(wl1, segment.seq) || (wl1 === segment.seq && seqLe(wl2, segment.ack));
  return newer ? setWindow(turn, segment) : turn;
}

function setWindow(turn: Turn, segment: Segment): Turn {
  const maxWnd = Math.max(turn.tcb.snd.maxWnd, segment.window);
  return updateSnd(turn, { wnd: segment.window, maxWnd, wl1: segment.seq, wl2: segment.ack });
}
