import type { CloseWaitError, ErrorCode } from '#core';
import { FLAKY, NOT_STARTED, type RunResult } from '#trace';

/** What `closewait` exits with; docs and CI scripts rest on the numbers. */
export const EXIT = {
  hold: 0,
  failed: 1,
  inconclusive: 2,
  target: 3,
  privilege: 4,
  /** A known failure that is none any more, or a case that does not end the same way each time. */
  unsteady: 5,
  usage: 64,
  internal: 70,
} as const;

/** What a run counts for besides its verdicts. */
export interface Counting {
  readonly requirePrivileged: boolean;
  /** Known failures that were not there: how many. */
  readonly unmet: number;
}

/** Of a run that came to its end. Nothing judged is inconclusive: a run in which nothing ran must not look green. */
export function exitOfRun(
  { summary, cases }: Pick<RunResult, 'summary' | 'cases'>,
  { requirePrivileged, unmet }: Counting,
): number {
  const failed = cases.filter(({ verdict }) => verdict === 'fail');
  if (failed.some(({ actual }) => actual === NOT_STARTED)) return EXIT.target;
  if (failed.length > 0)
    return failed.every(({ reason }) => reason.startsWith(FLAKY)) ? EXIT.unsteady : EXIT.failed;
  if (unmet > 0) return EXIT.unsteady;
  if (requirePrivileged && summary.skipped > 0) return EXIT.privilege;
  if (summary.inconclusive > 0 || summary.pass + summary.info + summary.known === 0) return EXIT.inconclusive;
  return EXIT.hold;
}

const USAGE: readonly ErrorCode[] = [
  'CW_USAGE',
  'CW_CONFIG',
  'CW_NOT_LOOPBACK',
  'CW_REPORT_FILE',
  'CW_PROXY_API',
  'CW_PROXY_CONFIG',
];

/** Of an error that was raised on purpose. */
export function exitOfError({ code }: CloseWaitError): number {
  if (USAGE.includes(code)) return EXIT.usage;
  if (code.startsWith('CW_TARGET_')) return EXIT.target;
  return code.startsWith('CW_PLANE') ? EXIT.privilege : EXIT.internal;
}
