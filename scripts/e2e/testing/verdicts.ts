import type { CaseResult, RunResult } from '#trace';

/** `states/closed echo IPv4` */
export function nameOf({ id, target, family }: CaseResult): string {
  return `${id} ${target} IPv${family}`;
}

/** The names of the cases with some verdict. */
export function casesWith(verdict: CaseResult['verdict'], { cases }: RunResult): string[] {
  return cases.filter((result) => result.verdict === verdict).map(nameOf);
}

/** Whatever is no pass, with its reason: for messages that tell at once what went wrong. */
export function notPassed({ cases }: RunResult): string[] {
  return cases
    .filter(({ verdict }) => verdict !== 'pass')
    .map((result) => `${nameOf(result)}: ${result.verdict}: ${result.reason}`);
}
