import { VERDICTS, type CaseResult, type RunResult } from '#trace';
import type { State } from '#tcp';
import { alignColumns, widthOf } from './columns.ts';
import { groupBy } from './group.ts';
import { STATE_ORDER, stateOfCase } from './states.ts';
import type { View } from './view.ts';
import { formatTime, markOf, MEANING, worstOf } from './words.ts';
import { wrap } from './wrap.ts';

/** Target x state: a mark, and for a pass the time from stimulus to state. Only states that were asked for. */
export function stateTable(run: RunResult, view: View): string[] {
  const results = run.cases.filter(({ id }) => stateOfCase(id) !== undefined);
  const lines = table(results, view);
  return lines.length === 0 ? [] : [...lines, ...legend(results, view)];
}

/** What the marks mean, where there are others than ✓ and ✗. */
function legend(results: readonly CaseResult[], { style, width }: View): string[] {
  const others = VERDICTS.filter(
    (verdict) => MEANING[verdict] !== undefined && results.some((result) => result.verdict === verdict),
  );
  const texts = others.map((verdict) => `${markOf(verdict, style)} ${MEANING[verdict]}`);
  return texts.length === 0 ? [] : wrap(texts.join(', '), width, '');
}

function table(results: readonly CaseResult[], view: View): string[] {
  const states = STATE_ORDER.filter((state) => results.some(({ id }) => stateOfCase(id) === state));
  const rows = [...groupBy(results, ({ target, family }) => `${target} IPv${family}`)].map(
    ([name, ofRow]) => ({
      name,
      cells: new Map(states.map((state) => [state, cellOf(ofRow, state, view)])),
    }),
  );
  if (rows.length === 0) return [];
  const lay = (
    columns: readonly State[],
    header: (state: State) => readonly string[],
    gap: number,
  ): string[] => {
    const heads = columns.map(header);
    const headRows = [0, 1]
      .map((line) => heads.map((head) => head[line] ?? ''))
      .filter((names) => names.some((name) => name !== ''))
      .map((names) => ['', ...names.map((name) => (name === '' ? '' : view.style('bold', name)))]);
    return alignColumns(
      [...headRows, ...rows.map(({ name, cells }) => [name, ...columns.map((s) => cells.get(s)!)])],
      gap,
    );
  };
  const fits = (lines: readonly string[]): boolean => lines.every((line) => widthOf(line) <= view.width);
  const whole = lay(states, (state) => [state], 2);
  if (fits(whole)) return whole;
  for (let blocks = 1; ; blocks++) {
    const size = Math.ceil(states.length / blocks);
    const parts = Array.from({ length: Math.ceil(states.length / size) }, (_, at) =>
      states.slice(at * size, (at + 1) * size),
    );
    for (const gap of [2, 1]) {
      const tables = parts.map((part) => lay(part, twoLines, gap));
      if (tables.every(fits) || size === 1)
        return tables.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
    }
  }
}

function cellOf(results: readonly CaseResult[], state: State, { style }: View): string {
  const repeats = results.filter(({ id }) => stateOfCase(id) === state);
  if (repeats.length === 0) return '';
  const result = worstOf(repeats);
  const mark = markOf(result.verdict, style);
  const times = repeats.flatMap(({ stateAfterUs }) => stateAfterUs ?? []).sort((a, b) => a - b);
  const median = times[Math.floor((times.length - 1) / 2)];
  return result.verdict === 'pass' && median !== undefined ? `${mark} ${formatTime(median)}` : mark;
}

/** A state's name in two lines, for a narrow terminal. */
function twoLines(state: State): [string, string] {
  if (state === 'ESTABLISHED') return ['ESTAB-', 'LISHED'];
  const cut = state.indexOf('_') + 1;
  return [state.slice(0, cut), state.slice(cut)];
}
