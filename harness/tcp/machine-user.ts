import { dial } from './machine-closed.ts';
import type { CallError, MachineEvent } from './machine-events.ts';
import type { MachineOptions } from './machine-options.ts';
import { resetSegment, synSegment } from './machine-segments.ts';
import type { Tcb, TcbState } from './machine-tcb.ts';
import {
  cite,
  emit,
  remove,
  resetConnection,
  startTurn,
  type Turn,
  update,
  updateRcv,
} from './machine-turn.ts';

/** OPEN (§3.10.1). In LISTEN an active one, like a SEND (§3.10.2), makes the connection active. */
export function open(tcb: Tcb, { passive, iss }: Extract<MachineEvent, { type: 'open' }>): readonly Turn[] {
  const turn = cite(startTurn(tcb), 9293, '3.10.1');
  if (tcb.state !== 'LISTEN' || passive) return [fail(turn, 'connection already exists')];
  return [dialFrom(update(turn, { iss }))];
}

export function send(tcb: Tcb, text: Uint8Array): readonly Turn[] {
  const turn = cite(startTurn(tcb), 9293, '3.10.2');
  if (!SENDS.has(tcb.state) || tcb.fin !== 'none') return [fail(turn, 'connection closing')];
  const queued = update(turn, { queue: joined(tcb.queue, text) });
  return [tcb.state === 'LISTEN' ? dialFrom(queued) : queued];
}

const SENDS = new Set<TcbState>(['LISTEN', 'SYN_SENT', 'SYN_RCVD', 'ESTABLISHED', 'CLOSE_WAIT']);

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function dialFrom(turn: Turn): Turn {
  const dialled = { ...turn, tcb: dial(turn.tcb), path: ['SYN_SENT'] as const };
  return emit(dialled, synSegment(dialled.tcb));
}

/** RECEIVE (§3.10.3) of text that was delivered: the buffer that it frees is offered as window. */
export function receive(tcb: Tcb, bytes: number): readonly Turn[] {
  const turn = cite(startTurn(tcb), 9293, '3.10.3');
  const ended = tcb.state === 'CLOSING' || tcb.state === 'LAST_ACK' || tcb.state === 'TIME_WAIT';
  if (ended || !tcb.reading || (tcb.state === 'CLOSE_WAIT' && tcb.unread === 0))
    return [fail(turn, 'connection closing')];
  const unread = Math.max(0, tcb.unread - bytes);
  return openWindow(update(turn, { unread }));
}

/** Silly window avoidance (§3.8.6.2.2, MUST-39). The peer is told by an ACK, which it needs if the window was shut. */
function openWindow(turn: Turn): readonly Turn[] {
  const { rcv, unread, snd, state } = turn.tcb;
  const free = rcv.buff - unread;
  if (free <= rcv.wnd || free - rcv.wnd < Math.min(rcv.buff / 2, snd.mss)) return [turn];
  const opened = cite(updateRcv(turn, { wnd: free }), 9293, '3.8.6.2.2');
  if (state === 'CLOSE_WAIT') return [opened];
  const told = { ...opened, ackDue: true };
  return rcv.wnd === 0 ? [told] : [told, opened];
}

/** CLOSE (§3.10.4), as the RFC means it: "I have no more data to send." */
export function shutdown(tcb: Tcb): readonly Turn[] {
  const turn = cite(startTurn(tcb), 9293, '3.10.4');
  if (tcb.state === 'LISTEN' || tcb.state === 'SYN_SENT') return [remove(turn)];
  return [
    tcb.fin === 'none' && SENDS.has(tcb.state)
      ? update(turn, { fin: 'queued' })
      : fail(turn, 'connection closing'),
  ];
}

/**
 * The socket call. With a half-duplex close (§3.6.1 MAY-1) the user does not read any more, and text that it has not read
 * draws a RST (SHLD-3). After a `shutdown` it sends no second FIN.
 */
export function close(tcb: Tcb, { rfc1122HalfDuplexClose }: MachineOptions): readonly Turn[] {
  if (!rfc1122HalfDuplexClose || UNREADABLE.has(tcb.state) || !tcb.reading) return shutdown(tcb);
  const closed = shutdown({ ...tcb, reading: false }).map((turn) => ({ ...turn, error: null }));
  if (tcb.unread === 0) return closed;
  const lost = cite(cite(startTurn(tcb), 1122, '4.2.2.13'), 9293, '3.6.1');
  return [...resetConnection(lost, resetSegment(tcb)), ...closed];
}

/** Where `close` is no more than the CLOSE call: nothing is there to read, or by §3.10.3 none may be read. */
const UNREADABLE = new Set<TcbState>(['LISTEN', 'SYN_SENT', 'CLOSING', 'LAST_ACK', 'TIME_WAIT']);

/** ABORT (§3.10.5). */
export function abort(tcb: Tcb): readonly Turn[] {
  const turn = cite(startTurn(tcb), 9293, '3.10.5');
  return RESETS.has(tcb.state) ? resetConnection(turn, resetSegment(tcb)) : [remove(turn)];
}

const RESETS = new Set<TcbState>(['SYN_RCVD', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT']);

function fail(turn: Turn, error: CallError): Turn {
  return { ...turn, error };
}
