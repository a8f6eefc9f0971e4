/** @typedef {Record<string, number>} Summary */
/** @typedef {{ cases: { verdict: string, reason: string }[], environment: { planeReason: string } }} Result */
/**
 * @typedef {object} Run
 * @property {string} service
 * @property {string} how
 * @property {string} family
 * @property {string} report
 * @property {number} exitCode
 * @property {Summary | null} summary null: it ended without a result
 * @property {Result | null} result
 */

/** Exit codes of `closewait run`, the worst last; one that is not here is worse than all. */
const CODES = [0, 2, 4, 5, 1, 3];
const COLUMNS = /** @type {const} */ (['pass', 'known', 'fail', 'inconclusive', 'unsupported', 'skipped']);

/**
 * The exit code of all of them.
 * @param {readonly Pick<Run, 'exitCode'>[]} runs
 */
export function worst(runs) {
  const rank = (/** @type {number} */ code) => (CODES.includes(code) ? CODES.indexOf(code) : Infinity);
  return runs.reduce((found, { exitCode }) => (rank(exitCode) > rank(found) ? exitCode : found), 0);
}

/**
 * A line for each run.
 * @param {readonly Run[]} runs
 */
export function table(runs) {
  const head = ['service', 'how', 'family', ...COLUMNS, 'exit'];
  const rows = [
    head,
    ...runs.map(({ service, how, family, summary, exitCode }) => [
      service,
      how,
      family,
      ...COLUMNS.map((verdict) => String(summary?.[verdict] ?? '-')),
      String(exitCode),
    ]),
  ];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Why cases were skipped, how often, and what is to be done to have them.
 * @param {readonly Run[]} runs
 */
export function skips(runs) {
  /** @type {Map<string, number>} */
  const reasons = new Map();
  for (const { result } of runs) {
    for (const { verdict, reason } of result?.cases ?? []) {
      if (verdict === 'skipped') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  return [...reasons]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `skipped ${String(count).padStart(4)}  ${reason}`)
    .join('\n');
}

/**
 * The last line. A run without a result is one failure.
 * @param {readonly Run[]} runs
 */
export function closing(runs) {
  const sum = (/** @type {string} */ verdict) =>
    runs.reduce((total, { summary }) => total + (summary?.[verdict] ?? (verdict === 'fail' ? 1 : 0)), 0);
  return `${sum('pass')} passed, ${sum('fail')} failed, ${sum('skipped')} skipped, ${sum('known')} known, ${sum('unsupported')} unsupported`;
}
