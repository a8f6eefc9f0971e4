import type { CaseResult, RunResult, TargetInfo } from '#trace';
import type { State } from '#tcp';
import { pad, widthOf } from './columns.ts';
import { groupBy } from './group.ts';
import { STATE_ORDER, stateOfCase } from './states.ts';
import type { View } from './view.ts';
import { formatTime, markOf, worstOf } from './words.ts';
import { wrap } from './wrap.ts';

const NAME_WIDTH = Math.max(...STATE_ORDER.map(widthOf));

/** Columns up to where a stimulus begins. */
const HANG = ' '.repeat(2 + NAME_WIDTH + 2);

/** For each target and state: the stimulus, the time from stimulus to state, and the verbatim lines of `ss`. */
export function stateEvidence(run: RunResult, view: View): string[] {
  const byTarget = groupBy(
    run.cases.filter(({ id }) => stateOfCase(id) !== undefined),
    ({ target }) => target,
  );
  const sections = [...byTarget].map(([name, results]) => [
    heading(run.targets.find((target) => target.name === name) ?? { name, version: '', command: [] }, view),
    ...ofTarget(results, view),
  ]);
  return sections.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function heading({ name, version, command }: TargetInfo, { style }: View): string {
  const title = style('bold', version === '' ? name : `${name} ${version}`);
  return command.length === 0 ? title : `${title}   ${style('dim', command.join(' '))}`;
}

function ofTarget(results: readonly CaseResult[], view: View): string[] {
  const labelWidth = Math.max(...results.map((result) => widthOf(label([result], view))));
  return STATE_ORDER.flatMap((state) => {
    const ofState = results.filter(({ id }) => stateOfCase(id) === state);
    const families = [...groupBy(ofState, ({ family }) => family).values()].map(worstOf);
    const blocks = [...groupBy(families, ({ stimulus }) => stimulus)].map(([stimulus, same]) =>
      stimulus === '' ? unreached(same, view) : reached(state, stimulus, same, labelWidth, view),
    );
    return blocks.flatMap(([first = '', ...rest], at) => [
      `  ${pad(at === 0 ? view.style('bold', state) : '', NAME_WIDTH)}  ${first}`,
      ...rest,
    ]);
  });
}

/** The stimulus, and for each family what the witness said. */
function reached(
  state: State,
  stimulus: string,
  results: readonly CaseResult[],
  labelWidth: number,
  view: View,
): string[] {
  const [first = '', ...rest] = wrap(stimulus, view.width - HANG.length, '');
  return [
    first,
    ...rest.map((line) => HANG + line),
    ...results.flatMap((result) =>
      shown(result, state).map((line, row) =>
        `    ${pad(row === 0 ? label([result], view) : '', labelWidth)}  ${line}`.trimEnd(),
      ),
    ),
  ];
}

/** Why nothing was done to the server at all. The reason of a skip has a section of its own. */
function unreached(results: readonly CaseResult[], view: View): string[] {
  const reasons = groupBy(results, ({ verdict, reason }) => (verdict === 'skipped' ? '' : reason));
  return [...reasons].flatMap(([reason, same], at) => {
    const text = `${label(same, view)}: ${reason === '' ? 'the reason stands below' : reason}`;
    const [first = '', ...rest] = wrap(text, view.width - HANG.length, '');
    return [at === 0 ? first : HANG + first, ...rest.map((line) => HANG + line)];
  });
}

function label(results: readonly CaseResult[], { style }: View): string {
  const { verdict, stateAfterUs } = results[0]!;
  const families = results.map(({ family }) => `IPv${family}`).join(', ');
  const time = results.length > 1 || stateAfterUs === null ? '' : ` ${formatTime(stateAfterUs)}`;
  return `${markOf(verdict, style)} ${families}${time}`;
}

/** What stands beside the label: the witness, and for anything but a pass the reason. Never empty. */
function shown({ verdict, reason, actual, evidence }: CaseResult, state: State): readonly string[] {
  const why = verdict === 'pass' ? [] : [reason === '' ? actual : reason].filter((text) => text !== '');
  const lines = [...why, ...evidence.ss.map((line) => line.trimEnd())];
  if (lines.length > 0) return lines;
  return [state === 'CLOSED' ? 'no line: nothing is left on the port, not even the listener' : ''];
}
