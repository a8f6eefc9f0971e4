import { isDeepStrictEqual } from 'node:util';
import type { Clause, Outcome, Outcomes, Signal } from './machine-events.ts';
import type { MachineOptions } from './machine-options.ts';
import { ackSegment } from './machine-segments.ts';
import type { ReceiveSpace, SendSpace, Tcb, TcbState } from './machine-tcb.ts';
import type { Segment } from './segment.ts';
import type { State } from './states.ts';

/** One way that an event can go, while it is worked on. */
export interface Turn {
  readonly tcb: Tcb;
  /** The TCB is deleted: the state is CLOSED. */
  readonly gone: boolean;
  /** "Drop the segment and return": the steps that are left do not run. */
  readonly done: boolean;
  /** An acknowledgment is owed: sent at the end, once, on text if there is some (MUST-58, MUST-59). */
  readonly ackDue: boolean;
  /** The peer's FIN is the next thing in sequence: every byte before it has arrived. */
  readonly finReached: boolean;
  readonly path: readonly State[];
  readonly segments: readonly Segment[];
  readonly delivered: readonly Uint8Array[];
  readonly signals: readonly Signal[];
  readonly error: Outcome['error'];
  readonly startsTimeWait: boolean;
  readonly refs: readonly Clause[];
}

/** One step of the RFC's processing: the ways it can go, the preferred first. */
export type Step = (turn: Turn, segment: Segment, options: MachineOptions) => readonly Turn[];

export function startTurn(tcb: Tcb): Turn {
  return {
    tcb,
    gone: false,
    done: false,
    ackDue: false,
    finReached: false,
    path: [],
    segments: [],
    delivered: [],
    signals: [],
    error: null,
    startsTimeWait: false,
    refs: [],
  };
}

/** The steps in order; each way that one step opens goes on through the next, unless it is done. */
export function runSteps(
  first: Turn,
  steps: readonly Step[],
  segment: Segment,
  options: MachineOptions,
): readonly Turn[] {
  return steps.reduce<readonly Turn[]>(
    (turns, step) => turns.flatMap((turn) => (turn.done ? [turn] : step(turn, segment, options))),
    [first],
  );
}

export function cite(turn: Turn, rfc: number, section: string): Turn {
  return { ...turn, refs: [...turn.refs, { rfc, section }] };
}

export function update(turn: Turn, fields: Partial<Tcb>): Turn {
  return { ...turn, tcb: { ...turn.tcb, ...fields } };
}

export function updateSnd(turn: Turn, fields: Partial<SendSpace>): Turn {
  return update(turn, { snd: { ...turn.tcb.snd, ...fields } });
}

export function updateRcv(turn: Turn, fields: Partial<ReceiveSpace>): Turn {
  return update(turn, { rcv: { ...turn.tcb.rcv, ...fields } });
}

export function enter(turn: Turn, state: TcbState): Turn {
  const entered = { ...update(turn, { state }), path: [...turn.path, state] };
  return state === 'TIME_WAIT' ? { ...entered, startsTimeWait: true } : entered;
}

export function emit(turn: Turn, ...segments: readonly Segment[]): Turn {
  return { ...turn, segments: [...turn.segments, ...segments] };
}

export function signal(turn: Turn, ...signals: readonly Signal[]): Turn {
  return { ...turn, signals: [...turn.signals, ...signals] };
}

/** "Drop the segment and return." */
export function drop(turn: Turn): Turn {
  return { ...turn, done: true };
}

/** An ACK at once, and the segment dropped. */
export function ackAndDrop(turn: Turn): Turn {
  return drop({ ...emit(turn, ackSegment(turn.tcb)), ackDue: false });
}

/** "Enter the CLOSED state, delete the TCB, and return." */
export function remove(turn: Turn): Turn {
  return drop({ ...turn, gone: true, path: [...turn.path, 'CLOSED'] });
}

/**
 * The connection is reset from this side by one of `resets`. The clauses that reset a connection delete the TCB; §3.5.2 and
 * note 3 of figure 5 would have the side that resets enter TIME_WAIT. Both are allowed.
 */
export function resetConnection(turn: Turn, ...resets: readonly Segment[]): readonly Turn[] {
  const forms = resets.filter(
    (reset, i) => resets.findIndex((other) => isDeepStrictEqual(other, reset)) === i,
  );
  const { snd } = turn.tcb;
  const flushed = update(
    { ...turn, ackDue: false },
    { queue: new Uint8Array(0), held: [], snd: { ...snd, una: snd.nxt } },
  );
  const sent = forms.map((reset) => emit(flushed, reset));
  const lingers = turn.tcb.state !== 'TIME_WAIT';
  return [
    ...sent.map(remove),
    ...(lingers ? sent.map((each) => drop(cite(enter(each, 'TIME_WAIT'), 9293, '3.5.2'))) : []),
  ];
}

/** The outcomes of turns that are at their end, without those that differ from an earlier one in nothing but clauses. */
export function outcomesOf(turns: readonly Turn[]): Outcomes {
  const outcomes: Outcome[] = [];
  for (const turn of turns) {
    const outcome = outcomeOf(turn);
    if (!outcomes.some((known) => isDeepStrictEqual({ ...known, refs: outcome.refs }, outcome)))
      outcomes.push(outcome);
  }
  return outcomes as [Outcome, ...Outcome[]];
}

function outcomeOf(turn: Turn): Outcome {
  const { path, segments, delivered, signals, error, startsTimeWait } = turn;
  const tcb = turn.gone ? null : turn.tcb;
  return { tcb, path, segments, delivered, signals, error, startsTimeWait, refs: distinct(turn.refs) };
}

function distinct(clauses: readonly Clause[]): Clause[] {
  return clauses.filter((clause, i) => clauses.findIndex((other) => isDeepStrictEqual(other, clause)) === i);
}
