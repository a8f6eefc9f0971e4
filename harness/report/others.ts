import type { CaseResult, RunResult } from '#trace';
import { alignColumns } from './columns.ts';
import { groupBy } from './group.ts';
import { stateOfCase } from './states.ts';
import type { View } from './view.ts';
import { formatTime, markOf, worstOf } from './words.ts';
import { wrap } from './wrap.ts';

/** A case that takes longer says what it waits for, ms. */
const LONG_MS = 1000;

/** Verdicts whose reason stands under the case: what the server does, or why it was not asked. A failure has a section of its own. */
const EXPLAINED = ['info', 'unsupported', 'known'];

/**
 * Cases that are not about reaching one of the eleven states, target by target. Of one target all are listed, with what each
 * took and why; of several only what did not simply pass. Skips have a section of their own.
 */
export function otherCases(run: RunResult, view: View): string[] {
  const others = run.cases.filter(
    ({ id, verdict }) => stateOfCase(id) === undefined && verdict !== 'skipped',
  );
  if (others.length === 0) return [];
  const targets = [...groupBy(others, ({ target }) => target)];
  return [
    view.style('bold', 'Other cases'),
    ...targets.flatMap(([target, results]) => ofTarget(target, results, targets.length === 1, view)),
  ];
}

function ofTarget(target: string, results: readonly CaseResult[], alone: boolean, view: View): string[] {
  const byCase = [...groupBy(results, ({ id }) => id)].map(([id, ofCase]) => ({
    id,
    families: [...groupBy(ofCase, ({ family }) => family).values()].map(worstOf),
  }));
  const listed = alone
    ? byCase
    : byCase.filter(({ families }) => families.some(({ verdict }) => verdict !== 'pass'));
  const passed = results.filter(({ verdict }) => verdict === 'pass').length;
  const columns = Math.max(...byCase.map(({ families }) => families.length));
  const lines = alignColumns(
    listed.map(({ id, families }) => {
      const cells = families.map((result) => cell(result, view));
      return [`  ${id}`, ...cells, ...Array<string>(columns - cells.length).fill(''), waits(families)];
    }),
  );
  return [
    `${target}: ${passed} of ${results.length} passed`,
    ...listed.flatMap(({ families }, at) => [lines[at]!, ...reasons(families, view)]),
  ];
}

function cell({ verdict, family, durationMs }: CaseResult, { style }: View): string {
  return `${markOf(verdict, style)} IPv${family} ${formatTime(durationMs * 1_000)}`;
}

function waits(families: readonly CaseResult[]): string {
  const [longest] = [...families].sort((a, b) => b.durationMs - a.durationMs);
  return longest !== undefined && longest.durationMs > LONG_MS ? longest.waits : '';
}

/** One reason for both families where both were judged alike, whatever numbers stand in it. */
function reasons(families: readonly CaseResult[], { width }: View): string[] {
  const explained = families.filter(({ verdict }) => EXPLAINED.includes(verdict));
  const different = groupBy(
    explained,
    ({ verdict, reason }) => `${verdict} ${reason.replace(/[\d.]+/g, '0')}`,
  );
  return [...different.values()].flatMap(([first]) => wrap(first!.reason, width, '      ', '      '));
}
