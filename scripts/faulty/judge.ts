import picomatch from 'picomatch';
import type { CaseResult } from '#trace';

/** What the proof knows of a faulty server: of its kind is the table of targets/faulty. */
export interface Suspect {
  readonly name: string;
  /** Ids of cases that must fail. */
  readonly caughtBy: readonly string[];
  /** Patterns of ids of cases that may fail too. */
  readonly mayFail: readonly string[];
  readonly twin: { readonly name: string };
}

/** All that is looked at of a result. */
export type Verdicts = readonly Pick<CaseResult, 'id' | 'verdict' | 'reason'>[];

/** What is wrong with the suites, or the table: a fault that nobody caught, an alarm without a cause. */
export interface Problem {
  readonly server: string;
  readonly case: string;
  readonly what: string;
}

/** A case that did not decide is no proof of anything: on these servers each must. */
const UNDECIDED = ['inconclusive', 'skipped'];

/** @param results of every case that was run on the faulty server */
export function judgeFaulty({ name, caughtBy, mayFail }: Suspect, results: Verdicts): Problem[] {
  const may = mayFail.length === 0 ? () => false : picomatch([...mayFail]);
  return results.flatMap(({ id, verdict, reason }) => {
    const problem = (what: string): Problem[] => [{ server: name, case: id, what }];
    if (caughtBy.includes(id)) return verdict === 'fail' ? [] : problem(`missed: ${verdict} ${reason}`);
    if (may(id)) return [];
    if (verdict === 'fail') return problem(`has nothing to do with the fault, and fails: ${reason}`);
    return UNDECIDED.includes(verdict) ? problem(`${verdict}: ${reason}`) : [];
  });
}

/** @param results of every case that was run on the sound twin */
export function judgeTwin({ twin }: Suspect, results: Verdicts): Problem[] {
  return results.flatMap(({ id, verdict, reason }) =>
    verdict === 'fail' || UNDECIDED.includes(verdict)
      ? [{ server: twin.name, case: id, what: `the sound twin: ${verdict} ${reason}` }]
      : [],
  );
}

/** Cases that the table names and the suites do not have. */
export function unknownCases(faults: readonly Suspect[], ids: readonly string[]): Problem[] {
  return faults.flatMap(({ name, caughtBy, mayFail }) => {
    const alone = caughtBy.filter((id) => !ids.includes(id));
    const patterns = mayFail.filter((pattern) => !ids.some((id) => picomatch.isMatch(id, pattern)));
    return [...alone, ...patterns].map((id) => ({ server: name, case: id, what: 'there is no such case' }));
  });
}
