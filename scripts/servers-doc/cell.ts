import type { CaseResult } from '#trace';

/** Of the families of one case on one server the one that says most: a failure before what passed. */
const ORDER = ['fail', 'inconclusive', 'known', 'info', 'skipped', 'unsupported', 'pass'];

/** The result that stands for a case on a server. */
export function telling(results: readonly CaseResult[]): CaseResult | undefined {
  return [...results].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))[0];
}

/** What stands in the table: a mark, or for what is reported and not judged the behaviour itself. */
export function cell(results: readonly CaseResult[]): string {
  const result = telling(results);
  if (result === undefined) return '';
  switch (result.verdict) {
    case 'pass':
      return '✓';
    case 'fail':
      return '**✗**';
    case 'known':
      return '✗ known';
    case 'inconclusive':
      return '?';
    case 'info':
      return behaviour(result);
    default:
      return '–';
  }
}

/** `close: FIN after 0 bytes` is `close`; a time that was measured is that time. */
function behaviour({ actual }: CaseResult): string {
  const [, word] = /^([a-z]+(?: [a-z]+)?): /.exec(actual) ?? [];
  const [, ms] = /after (\d+) ms/.exec(actual) ?? [];
  if (ms !== undefined) return `${(Number(ms) / 1000).toFixed(1)} s`;
  if (/not within/.test(actual)) return 'not seen';
  return word ?? 'info';
}
