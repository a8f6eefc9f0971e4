import { FIN, URG } from './flags.ts';
import { mayAck } from './machine-ack.ts';
import { has, resetAnswer, resetSegment } from './machine-segments.ts';
import { RECEIVING } from './machine-tcb.ts';
import { assemble, type Assembled, trimToWindow } from './machine-text.ts';
import {
  cite,
  enter,
  resetConnection,
  signal,
  type Step,
  type Turn,
  update,
  updateRcv,
} from './machine-turn.ts';
import type { Segment } from './segment.ts';
import { seqAdd, seqLt } from './seq.ts';

/** Sixth, check the URG bit (§3.10.7.4). The user is told once for a continuous sequence of urgent data. */
export const checkUrgent: Step = (turn, segment) => {
  const { state, rcv, unread } = turn.tcb;
  if (!has(segment, URG) || !RECEIVING.has(state)) return [turn];
  const consumed = seqAdd(rcv.nxt, -unread);
  const up = seqAdd(segment.seq, segment.urgent);
  const known = rcv.up !== null && seqLt(consumed, rcv.up) ? rcv.up : consumed;
  if (!seqLt(known, up)) return [turn];
  const advanced = updateRcv(turn, { up });
  return [known === consumed ? signal(advanced, 'urgent') : advanced];
};

/** Seventh, process the segment text. After the peer's FIN there can be none: "Ignore the segment text." */
export const processText: Step = (turn, segment) => {
  const { state, rcv, held, reading } = turn.tcb;
  if (!RECEIVING.has(state)) return [turn];
  const rest = trimToWindow(segment, rcv);
  const waits = seqLt(rcv.nxt, rest.seq);
  const pieces = rest.payload.length > 0 || has(rest, FIN) ? [...held, rest] : held;
  const taken = accept(turn, assemble(pieces, rcv.nxt));
  // To hold it is a SHOULD (SHLD-31), to tell of the gap a MAY (MAY-13).
  const allowed = waits ? [...mayAck(taken), ...mayAck(turn)] : [taken];
  return reading || rest.payload.length === 0 ? allowed : [...resetAfterClose(turn, segment), ...allowed];
};

/** "If new data is received after CLOSE is called, its TCP implementation SHOULD send a RST" (§3.6.1 SHLD-3). */
function resetAfterClose(turn: Turn, segment: Segment): readonly Turn[] {
  const cited = cite(cite(turn, 1122, '4.2.2.13'), 9293, '3.6.1');
  return resetConnection(cited, resetAnswer(segment), resetSegment(turn.tcb));
}

/** Takes responsibility for text: RCV.NXT advances over it, the window's right edge stays, an acknowledgment is owed. */
function accept(turn: Turn, { text, nxt, fin, held }: Assembled): Turn {
  const { rcv, reading, unread } = turn.tcb;
  const count = text.reduce((sum, { length }) => sum + length, 0);
  const taken = { ...update(turn, { held }), ackDue: turn.ackDue || count > 0, finReached: fin };
  if (!reading) return updateRcv(taken, { nxt });
  const delivered = { ...taken, delivered: [...turn.delivered, ...text] };
  return updateRcv(update(delivered, { unread: unread + count }), { nxt, wnd: rcv.wnd - count });
}

/** Eighth, check the FIN bit. SYN_RCVD is not met here: an ACK that lets a segment come so far has ended it. */
export const checkFin: Step = (turn, segment) => {
  const { state } = turn.tcb;
  if (!RECEIVING.has(state)) return secondFin(turn, segment);
  if (!turn.finReached) return [turn];
  const received = passFin(signal(turn, 'closing'));
  if (state === 'ESTABLISHED') return [enter(received, 'CLOSE_WAIT')];
  return [enter(received, state === 'FIN_WAIT_1' ? 'CLOSING' : 'TIME_WAIT')];
};

/** "Advance RCV.NXT over the FIN, and send an acknowledgment for the FIN." */
function passFin(turn: Turn): Turn {
  return updateRcv(update({ ...turn, ackDue: true }, { held: [] }), { nxt: seqAdd(turn.tcb.rcv.nxt, 1) });
}

/**
 * A FIN behind the peer's FIN. By the letter it is passed and acknowledged once more, and the state remains; but the peer has
 * no number after its FIN, so that to acknowledge no more than the first is right as well.
 */
function secondFin(turn: Turn, segment: Segment): readonly Turn[] {
  const { rcv } = turn.tcb;
  const rest = trimToWindow(segment, rcv);
  if (!has(rest, FIN) || rest.seq !== rcv.nxt) return [turn];
  const owed = { ...turn, ackDue: true };
  return [updateRcv(owed, { nxt: seqAdd(rest.seq, rest.payload.length + 1) }), owed];
}
