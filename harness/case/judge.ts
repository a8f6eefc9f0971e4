import { AssertionError } from 'chai';
import { CloseWaitError, messageOf } from '#core';
import type { Fault, Verdict } from '#trace';

/** Ends a case with a verdict that is no failure. */
export class VerdictError extends Error {
  readonly verdict: Exclude<Verdict, 'fail'>;

  constructor(verdict: Exclude<Verdict, 'fail'>, reason: string) {
    super(reason);
    this.verdict = verdict;
  }
}

/** Ends a case that has found what must not be. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.text);
    this.fault = fault;
  }
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  /** What was not as it must be. */
  readonly faults: readonly Fault[];
  /** What an assertion found, where it was one that failed. */
  readonly actual?: string;
}

/** What the way in which a case ended means. @param found faults that it went on after */
export function judge(thrown: unknown, found: readonly Fault[] = []): Judgement {
  const ended = judgeEnd(thrown);
  if (found.length === 0) return ended;
  const faults = [...found, ...ended.faults];
  const reasons = [...found.map(({ text }) => text), ...(ended.reason === '' ? [] : [ended.reason])];
  return { ...ended, verdict: 'fail', reason: reasons.join('; '), faults };
}

/** A finding after the case: what passed, was only reported or not decided has failed then. */
export function worse(judgement: Judgement, fault: Fault): Judgement {
  const { verdict, reason } = judgement;
  const faults = [...judgement.faults, fault];
  if (verdict === 'pass' || verdict === 'info')
    return { ...judgement, verdict: 'fail', reason: fault.text, faults };
  // What kept the case from its end may well be what is found now.
  if (verdict === 'inconclusive')
    return { ...judgement, verdict: 'fail', reason: `${fault.text}; ${reason}`, faults };
  return { ...judgement, reason: `${reason}; ${fault.text}`, faults };
}

function judgeEnd(thrown: unknown): Judgement {
  if (thrown === undefined) return { verdict: 'pass', reason: '', faults: [] };
  if (thrown instanceof VerdictError) return { verdict: thrown.verdict, reason: thrown.message, faults: [] };
  if (thrown instanceof FaultError)
    return { verdict: 'fail', reason: thrown.message, faults: [thrown.fault] };
  if (thrown instanceof AssertionError) {
    const { actual } = thrown as { actual?: unknown };
    // The lines after the first are the path, which the result has anyway.
    const [reason = ''] = thrown.message.split('\n', 1);
    const faults: Fault[] = [{ finding: 'states', text: reason }];
    return { verdict: 'fail', reason, faults, ...(typeof actual === 'string' ? { actual } : {}) };
  }
  if (thrown instanceof CloseWaitError && thrown.code === 'CW_UNMET') {
    const { message } = thrown;
    return { verdict: 'fail', reason: message, faults: [{ finding: 'application', text: message }] };
  }
  // Whatever else was thrown says nothing of the server: the case could not find out.
  const stack = thrown instanceof CloseWaitError ? `[${thrown.code}] ${thrown.message}` : stackOf(thrown);
  return { verdict: 'inconclusive', reason: `the case could not be finished: ${stack}`, faults: [] };
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}
