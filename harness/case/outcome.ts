import type { CaseResult, Fault, Trace, TraceEvent } from '#trace';
import type { BaseCase } from './base-case.ts';
import type { Judgement } from './judge.ts';

/** It holds more descriptors, processes or memory, and nothing else is wrong. */
export function onlyGrew(faults: readonly Fault[]): boolean {
  return (
    faults.length === 1 &&
    faults[0]!.finding === 'leaks' &&
    /^it leaks: (?!.*(sockets in|pause))/.test(faults[0]!.text)
  );
}

export interface Measured {
  readonly outcome: Outcome;
  readonly trace: Trace;
  /** Why it took more than one attempt. */
  readonly waits: readonly string[];
}

export interface Outcome {
  readonly mayBeFirstUse: boolean;
  readonly judgement: Judgement;
  readonly findings: BaseCase['findings'] | null;
  readonly leaks: string[] | null;
  readonly told: Told;
}

/** The timeline of a case up to its judgement. */
export type Told = Pick<CaseResult, 'states'> & { readonly events: readonly TraceEvent[] };

export function tell(trace: Trace): Told {
  return {
    states: { server: [...trace.path('server')], client: [...trace.path('client')] },
    events: [...trace.events],
  };
}
