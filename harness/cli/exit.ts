import type { CloseWaitError } from '#core';
import { FLAKY, type RunResult } from '#trace';

/** What `closewait` exits with; docs and CI scripts rest on the numbers. */
export const EXIT = {
  hold: 0,
  failed: 1,
  inconclusive: 2,
  target: 3,
  privilege: 4,
  flaky: 5,
  usage: 64,
  internal: 70,
} as const;

/** Of a run that came to its end. Nothing judged is inconclusive: a run in which nothing ran must not look green. */
export function exitOfRun(
  { summary, cases }: Pick<RunResult, 'summary' | 'cases'>,
  requirePrivileged: boolean,
): number {
  const failed = cases.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0)
    return failed.every(({ reason }) => reason.startsWith(FLAKY)) ? EXIT.flaky : EXIT.failed;
  if (requirePrivileged && summary.skipped > 0) return EXIT.privilege;
  if (summary.inconclusive > 0 || summary.pass + summary.info + summary.known === 0) return EXIT.inconclusive;
  return EXIT.hold;
}

/** Of an error that was raised on purpose. */
export function exitOfError({ code }: CloseWaitError): number {
  if (code === 'CW_USAGE' || code === 'CW_NOT_LOOPBACK' || code === 'CW_REPORT_FILE') return EXIT.usage;
  if (code.startsWith('CW_TARGET_')) return EXIT.target;
  return code.startsWith('CW_PLANE') ? EXIT.privilege : EXIT.internal;
}
