import { FLAKY, type CaseResult, type Verdict } from '#trace';

/** Worst first: of several runs of one case the worst speaks for it. */
const WORST: readonly Verdict[] = ['fail', 'inconclusive', 'unsupported', 'skipped', 'info', 'known', 'pass'];

/** Several runs of one case as one result: the worst, with how many of how many where they differ. */
export function foldRepeats(repeats: readonly CaseResult[]): CaseResult {
  const worst = [...repeats].sort((a, b) => WORST.indexOf(a.verdict) - WORST.indexOf(b.verdict))[0]!;
  const counts = WORST.map(
    (verdict) => [verdict, repeats.filter((result) => result.verdict === verdict).length] as const,
  );
  const seen = counts.filter(([, count]) => count > 0);
  if (seen.length === 1) return worst;
  const tally = seen.map(([verdict, count]) => `${verdict} ${count}`).join(', ');
  return { ...worst, reason: `${FLAKY} of ${repeats.length} runs: ${tally}. ${worst.reason}` };
}
