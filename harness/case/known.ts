import type { CaseResult } from '#trace';
import type { KnownFailure } from './contract.ts';

/** A failure that is known and says what is pinned is not one of the run: its verdict is `known`. @param today ISO date */
export function applyKnown(
  result: CaseResult,
  known: readonly KnownFailure[],
  today = new Date().toISOString().slice(0, 10),
): CaseResult {
  if (result.verdict !== 'fail') return result;
  const entry = known.find(
    (one) =>
      isOf(one, result) &&
      result.reason.includes(one.message) &&
      (one.expires === undefined || today < one.expires),
  );
  if (entry === undefined) return result;
  return {
    ...result,
    verdict: 'known',
    reason: `${result.reason} (known: ${entry.reason}, ${entry.reference})`,
  };
}

/**
 * Entries whose failure was to be there and is not: the case ran, and nothing of it failed. Of one without a family it is
 * enough that it is there on one of the two.
 */
export function unmetKnown(
  results: readonly CaseResult[],
  known: readonly KnownFailure[],
): readonly KnownFailure[] {
  return known.filter((entry) => {
    if (entry.sometimes === true) return false;
    const verdicts = results.filter((result) => isOf(entry, result)).map(({ verdict }) => verdict);
    // A failure that says something else fails the run by itself.
    return (
      (verdicts.includes('pass') || verdicts.includes('info')) &&
      !verdicts.some((verdict) => FAILED.includes(verdict))
    );
  });
}

const FAILED: readonly string[] = ['fail', 'known', 'inconclusive'];

function isOf({ target, case: id, family }: KnownFailure, result: CaseResult): boolean {
  return target === result.target && id === result.id && (family === undefined || family === result.family);
}
