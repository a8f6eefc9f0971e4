import type { CaseResult, RunResult } from '#trace';
import { alignColumns } from './columns.ts';
import { groupBy } from './group.ts';
import { stateOfCase } from './states.ts';
import type { View } from './view.ts';
import { formatTime, markOf, worstOf } from './words.ts';

/** Cases that are not about reaching one of the eleven states: a line a case and target. Skips have a section of their own. */
export function otherCases(run: RunResult, view: View): string[] {
  const others = run.cases.filter(
    ({ id, verdict }) => stateOfCase(id) === undefined && verdict !== 'skipped',
  );
  if (others.length === 0) return [];
  const rows = [...groupBy(others, ({ id }) => id)].flatMap(([id, ofCase]) =>
    [...groupBy(ofCase, ({ target }) => target)].map(([target, results], at) => [
      `  ${at === 0 ? id : ''}`,
      target,
      ...[...groupBy(results, ({ family }) => family).values()].map((repeats) => cell(repeats, view)),
    ]),
  );
  return [view.style('bold', 'Other cases'), ...alignColumns(rows)];
}

function cell(repeats: readonly CaseResult[], { style }: View): string {
  const { verdict, family, durationMs, reason } = worstOf(repeats);
  const took = verdict === 'pass' ? ` ${formatTime(durationMs * 1_000)}` : '';
  // A failure has a section of its own.
  const why = verdict === 'info' || verdict === 'unsupported' || verdict === 'known' ? `: ${reason}` : '';
  return `${markOf(verdict, style)} IPv${family}${took}${why}`;
}
