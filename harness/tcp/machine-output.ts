import { ackSegment, finSegment, textSegment } from './machine-segments.ts';
import { textInFlight } from './machine-tcb.ts';
import { cite, emit, enter, type Turn, update, updateSnd } from './machine-turn.ts';
import type { Segment } from './segment.ts';
import { seqAdd, seqDiff } from './seq.ts';
import type { State } from './states.ts';

/** States in which text or a FIN may still have to go out. */
const SENDING = new Set<State>(['ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT_1', 'CLOSING']);

/**
 * The end of every event: text and FIN that wait go out as far as the window lets them, then an acknowledgment that is owed
 * and that no segment carried.
 */
export function flush(turn: Turn): Turn {
  if (turn.gone) return turn;
  const closing = startClose(turn);
  const sent = SENDING.has(closing.tcb.state) ? sendFin(sendText(closing)) : closing;
  if (!sent.ackDue) return sent;
  const carried = sent.segments.length > turn.segments.length;
  return carried ? sent : emit(sent, ackSegment(sent.tcb));
}

/** A CLOSE takes effect "in any case" in ESTABLISHED, but in SYN_RCVD when no text waits to be sent (§3.10.4). */
function startClose(turn: Turn): Turn {
  const { state, fin, queue } = turn.tcb;
  if (fin !== 'queued') return turn;
  if (state !== 'ESTABLISHED' && !(state === 'SYN_RCVD' && queue.length === 0)) return turn;
  return cite(enter(turn, 'FIN_WAIT_1'), 9293, '3.10.4');
}

function sendText(turn: Turn): Turn {
  const { tcb } = turn;
  const { queue, snd } = tcb;
  const first = textInFlight(tcb);
  const end = Math.min(queue.length, first + usableWindow(turn));
  const segments: Segment[] = [];
  for (let at = first; at < end; at += snd.mss) {
    const until = Math.min(at + snd.mss, end);
    const push = until === queue.length;
    segments.push(textSegment(tcb, seqAdd(snd.nxt, at - first), queue.slice(at, until), push));
  }
  return updateSnd(emit(turn, ...segments), { nxt: seqAdd(snd.nxt, Math.max(0, end - first)) });
}

/** Queued "until all preceding SENDs have been segmentized" (§3.10.4); it takes a sequence number, so it needs window. */
function sendFin(turn: Turn): Turn {
  const { tcb } = turn;
  if (tcb.fin !== 'queued' || textInFlight(tcb) < tcb.queue.length || usableWindow(turn) <= 0) return turn;
  const segment = finSegment(tcb, tcb.snd.nxt);
  const sent = updateSnd(update(emit(turn, segment), { fin: 'sent' }), { nxt: seqAdd(tcb.snd.nxt, 1) });
  return tcb.state === 'CLOSE_WAIT' ? cite(enter(sent, 'LAST_ACK'), 9293, '3.10.4') : sent;
}

/** U = SND.UNA + SND.WND - SND.NXT (§3.8.6.2.1). */
function usableWindow({ tcb: { snd } }: Turn): number {
  return snd.wnd - seqDiff(snd.nxt, snd.una);
}
