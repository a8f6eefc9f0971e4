import type { CaseResult, Reference, Verdict } from '#trace';
import type { Style } from './style.ts';

/** `14µs`, `1.2ms`, `340ms`, `60.0s`. */
export function formatTime(us: number): string {
  if (us < 1_000) return `${Math.round(us)}µs`;
  if (us < 10_000) return `${(us / 1_000).toFixed(1)}ms`;
  if (us < 1_000_000) return `${Math.round(us / 1_000)}ms`;
  return `${(us / 1_000_000).toFixed(1)}s`;
}

const MARKS: Readonly<Record<Verdict, readonly [mark: string, format: Parameters<Style>[0]]>> = {
  pass: ['✓', 'green'],
  fail: ['✗', 'red'],
  inconclusive: ['?', 'yellow'],
  unsupported: ['–', 'gray'],
  skipped: ['skip', 'yellow'],
  info: ['info', 'blue'],
  known: ['known', 'magenta'],
};

/** What a reader of the table may ask of a mark; the reason of each is told elsewhere in the report. */
export const MEANING: Readonly<Partial<Record<Verdict, string>>> = {
  inconclusive: 'what was seen does not decide',
  unsupported: 'not with this server',
  skipped: 'not on this machine or plane',
  info: 'not judged',
  known: 'a known failure',
};

/** The sign of a verdict; no two share one. */
export function markOf(verdict: Verdict, style: Style): string {
  const [mark, format] = MARKS[verdict];
  return style(format, mark);
}

/** `RFC 9293 §3.6`, or the issue it comes from. */
export function formatReference({ rfc, section, issue }: Reference): string {
  if (rfc === undefined) return issue ?? '';
  return section === undefined ? `RFC ${rfc}` : `RFC ${rfc} §${section}`;
}

/** The worst first: with `--repeat`, what stands for all repeats of a case. */
const SEVERITY: readonly Verdict[] = [
  'fail',
  'inconclusive',
  'known',
  'skipped',
  'unsupported',
  'info',
  'pass',
];

/** The result that stands for all repeats of one case: the worst; of equals the first. */
export function worstOf(repeats: readonly CaseResult[]): CaseResult {
  return repeats.reduce((worst, next) =>
    SEVERITY.indexOf(next.verdict) < SEVERITY.indexOf(worst.verdict) ? next : worst,
  );
}
