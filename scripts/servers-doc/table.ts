import { groupBy } from './group.ts';
import { cell } from './cell.ts';
import type { CaseResult, RunResult } from '#trace';

/** A table for each area of the suites: a row a server, a column a case. */
export function tables({ cases, targets }: RunResult): string {
  const areas = groupBy(cases, ({ id }) => id.split('/')[0]!);
  return [...areas]
    .map(
      ([area, ofArea]) =>
        `### ${area}\n\n${area === 'states' ? counted(ofArea, targets) : table(ofArea, targets)}`,
    )
    .join('\n\n');
}

function table(results: readonly CaseResult[], targets: RunResult['targets']): string {
  const ids = [...new Set(results.map(({ id }) => id))];
  const head = ['server', ...ids.map((id) => id.slice(id.indexOf('/') + 1))];
  const rows = targets.map((target) => [
    label(target),
    ...ids.map((id) => cell(results.filter((result) => result.id === id && result.target === target.name))),
  ]);
  return markdown(head, rows);
}

/** The eleven states are the kernel's: they differ only by what a server can be made to do. */
function counted(results: readonly CaseResult[], targets: RunResult['targets']): string {
  const rows = targets.map((target) => {
    const own = results.filter((result) => result.target === target.name);
    const count = (verdict: string): number => own.filter((result) => result.verdict === verdict).length;
    const without = own.filter(({ verdict }) => verdict === 'unsupported').map(({ id }) => id.slice(7));
    return [
      label(target),
      String(count('pass')),
      String(own.length - count('pass') - count('unsupported')),
      [...new Set(without)].join(', '),
    ];
  });
  return markdown(['server', 'passed', 'not passed', 'cannot be asked for'], rows);
}

function label({ name, version }: RunResult['targets'][number]): string {
  return version === '' ? name : `${name} ${version}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
