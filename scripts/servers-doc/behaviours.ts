import type { RunResult } from '#trace';

const CASES = ['close/half-close-fast', 'close/half-close-slow', 'close/half-close-relay'];

/** What each server was seen to do with a half-closed client, in the words of the case. */
export function behaviours({ cases, targets }: RunResult): string {
  const rows = targets.map(({ name }) => {
    const seen = CASES.map((id) => {
      const result = cases.find(
        (one) => one.id === id && one.target === name && one.verdict !== 'unsupported',
      );
      return result === undefined
        ? '–'
        : `${result.actual.replaceAll('|', '\\|')}${result.verdict === 'info' ? '' : ' (declared)'}`;
    });
    return `| ${[name, ...seen].join(' | ')} |`;
  });
  return [
    '| server | answer at once | answer after a second | through a relay |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
