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
    ({ target, case: id, family, message, expires }) =>
      target === result.target &&
      id === result.id &&
      (family === undefined || family === result.family) &&
      result.reason.includes(message) &&
      (expires === undefined || today < expires),
  );
  if (entry === undefined) return result;
  return {
    ...result,
    verdict: 'known',
    reason: `${result.reason} (known: ${entry.reason}, ${entry.reference})`,
  };
}
