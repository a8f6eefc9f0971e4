import { AssertionError } from 'chai';
import { CloseWaitError, messageOf } from '#core';
import type { Verdict } from '#trace';

/** Ends a case with a verdict that is no failure. */
export class VerdictError extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict, reason: string) {
    super(reason);
    this.verdict = verdict;
  }
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  /** What an assertion found, where it was one that failed. */
  readonly actual?: string;
}

/** What the way in which a case ended means. */
export function judge(thrown: unknown): Judgement {
  if (thrown === undefined) return { verdict: 'pass', reason: '' };
  if (thrown instanceof VerdictError) return { verdict: thrown.verdict, reason: thrown.message };
  if (thrown instanceof AssertionError) {
    const { actual } = thrown as { actual?: unknown };
    // The lines after the first are the path, which the result has anyway.
    const [reason = ''] = thrown.message.split('\n', 1);
    return { verdict: 'fail', reason, ...(typeof actual === 'string' ? { actual } : {}) };
  }
  if (thrown instanceof CloseWaitError && thrown.code === 'CW_UNMET')
    return { verdict: 'fail', reason: thrown.message };
  // Whatever else was thrown says nothing of the server: the case could not find out.
  const stack = thrown instanceof CloseWaitError ? `[${thrown.code}] ${thrown.message}` : stackOf(thrown);
  return { verdict: 'inconclusive', reason: `the case could not be finished: ${stack}` };
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}
