import type { Tcb } from './machine-tcb.ts';
import type { Segment } from './segment.ts';
import type { Seq } from './seq.ts';
import type { State } from './states.ts';

/**
 * What can happen to a connection (RFC 9293 §3.10). The RFC's CLOSE is `shutdown`: the user may go on receiving. `close` is
 * the socket call, which may be half-duplex (§3.6.1). The STATUS call is `tcb.state`.
 */
export type MachineEvent =
  /** `iss` is chosen by the caller: a machine has no clock and no secret. `window`: the receive buffer, bytes. */
  | { readonly type: 'open'; readonly passive: boolean; readonly iss: Seq; readonly window: number }
  | { readonly type: 'send'; readonly text: Uint8Array }
  /** The user consumes up to so many bytes of what was delivered. */
  | { readonly type: 'receive'; readonly bytes: number }
  | { readonly type: 'shutdown' | 'close' | 'abort' }
  | { readonly type: 'segment'; readonly segment: Segment }
  | { readonly type: 'timeout'; readonly timer: 'user' | 'retransmission' | 'time-wait' };

/**
 * What the user is told without having asked: the connection is open; the peer has closed its side; reset; refused, which is
 * a reset in SYN_RCVD after an active OPEN, while one in SYN_SENT is `reset` (§3.10.7.3); given up by the user timeout; the
 * peer has urgent data.
 */
export type Signal = 'established' | 'closing' | 'reset' | 'refused' | 'timeout' | 'urgent';

/** How the RFC's user calls fail. */
export type CallError = 'connection does not exist' | 'connection already exists' | 'connection closing';

/** A clause that decided: `{ rfc: 9293, section: '3.10.7.4' }`. */
export interface Clause {
  readonly rfc: number;
  readonly section: string;
}

/** One thing that the RFCs allow to happen. */
export interface Outcome {
  /** null: no TCB is left, the state is CLOSED. */
  readonly tcb: Tcb | null;
  /** The states entered, in order, the last being the state after; empty where it stays. Each step is one of `EDGES`. */
  readonly path: readonly State[];
  /** What is sent, in order, at once or (an ACK of text) within the half second of MUST-40. Options are left empty. */
  readonly segments: readonly Segment[];
  /** Text put within the user's reach, in order. */
  readonly delivered: readonly Uint8Array[];
  readonly signals: readonly Signal[];
  /** What a user call fails with. */
  readonly error: CallError | null;
  /** The 2 MSL timer is started, or started again. */
  readonly startsTimeWait: boolean;
  /** The clauses that decided, in order. */
  readonly refs: readonly Clause[];
}

/** All that is allowed, the preferred first. */
export type Outcomes = readonly [Outcome, ...Outcome[]];
