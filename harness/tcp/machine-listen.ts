import { ACK, FIN, RST, SYN } from './flags.ts';
import type { MachineOptions } from './machine-options.ts';
import { has, resetAnswer, synAckSegment } from './machine-segments.ts';
import { trimToWindow } from './machine-text.ts';
import { timestampOf } from './machine-timestamps.ts';
import {
  cite,
  drop,
  emit,
  enter,
  type Step,
  type Turn,
  update,
  updateRcv,
  updateSnd,
} from './machine-turn.ts';
import type { Segment } from './segment.ts';
import { seqAdd } from './seq.ts';

/**
 * SEGMENT ARRIVES in LISTEN (§3.10.7.2), of the one connection that the segment is for: the listener itself stays. Security
 * is not modelled.
 */
export const listen: Step = (turn, segment, options) => {
  if (has(segment, RST)) return [turn];
  if (has(segment, ACK)) return [emit(turn, resetAnswer(segment))];
  return has(segment, SYN) ? acceptSyn(turn, segment, options) : [turn];
};

/** A SYN that asks for a connection. Text and FIN on it "should be queued for processing later"; else the peer repeats them. */
export function acceptSyn(turn: Turn, syn: Segment, options: MachineOptions): readonly Turn[] {
  const { iss } = turn.tcb;
  const learned = learnSyn(enter(update(turn, { passive: true }), 'SYN_RCVD'), syn, options);
  const numbered = updateSnd(learned, { una: iss, nxt: seqAdd(iss, 1) });
  const answered = drop(emit(numbered, synAckSegment(numbered.tcb)));
  return [...holdSynText(answered, syn), answered];
}

/** What a SYN tells: IRS, the options, and the window, which §3.10.7.2 leaves to the ACK that follows. */
export function learnSyn(turn: Turn, syn: Segment, { rfc6191 }: MachineOptions): Turn {
  const { mss } = turn.tcb.snd;
  const offer = syn.options.find((option) => option.kind === 'mss');
  const learned = update(turn, { irs: syn.seq, tsRecent: rfc6191 ? timestampOf(syn) : null });
  return updateSnd(updateRcv(learned, { nxt: seqAdd(syn.seq, 1) }), {
    wnd: syn.window,
    maxWnd: syn.window,
    wl1: syn.seq,
    wl2: syn.ack,
    mss: Math.max(1, offer?.bytes ?? mss),
  });
}

/** Text and FIN of a SYN, queued until ESTABLISHED. No turn where there is none. */
export function holdSynText(turn: Turn, syn: Segment): Turn[] {
  const rest = trimToWindow(syn, turn.tcb.rcv);
  return rest.payload.length > 0 || has(rest, FIN) ? [update(turn, { held: [rest] })] : [];
}

/**
 * "Return this connection to the LISTEN state": what was learned from the peer is forgotten, and what the user queued for it.
 * A connection that took over a TIME_WAIT returns there instead (§3.6.1).
 */
export function returnToListen(turn: Turn): Turn {
  const { reopened, iss, rcv } = turn.tcb;
  if (reopened !== null) return drop(cite(enter({ ...turn, tcb: reopened }, 'TIME_WAIT'), 9293, '3.6.1'));
  const forgotten = update(enter(turn, 'LISTEN'), {
    queue: new Uint8Array(0),
    fin: 'none',
    held: [],
    tsRecent: null,
  });
  return drop(updateSnd(updateRcv(forgotten, { wnd: rcv.buff }), { una: iss, nxt: iss }));
}
