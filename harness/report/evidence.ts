import type { CaseResult, RunResult, TargetInfo } from '#trace';
import { pad, widthOf } from './columns.ts';
import { groupBy } from './group.ts';
import { STATE_ORDER, stateOfCase } from './states.ts';
import type { View } from './view.ts';
import { formatTime, markOf, worstOf } from './words.ts';

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
  const indent = ' '.repeat(4);
  const nameWidth = Math.max(...STATE_ORDER.map(widthOf));
  return STATE_ORDER.flatMap((state) => {
    const ofState = results.filter(({ id }) => stateOfCase(id) === state);
    const families = [...groupBy(ofState, ({ family }) => family).values()].map(worstOf);
    return [...groupBy(families, ({ stimulus }) => stimulus)].flatMap(([stimulus, same]) => {
      const labels = same.map((result) => label(result, view));
      const width = Math.max(...labels.map(widthOf));
      return [
        `  ${pad(view.style('bold', state), nameWidth)}  ${stimulus}`.trimEnd(),
        ...same.flatMap((result, at) =>
          shown(result).map((line, row) =>
            `${indent}${pad(row === 0 ? labels[at]! : '', width)}  ${line}`.trimEnd(),
          ),
        ),
      ];
    });
  });
}

function label({ verdict, family, stateAfterUs }: CaseResult, { style }: View): string {
  const time = stateAfterUs === null ? '' : ` ${formatTime(stateAfterUs)}`;
  return `${markOf(verdict, style)} IPv${family}${time}`;
}

/** What stands beside the label: the witness, and for anything but a pass the reason. Never empty. */
function shown({ verdict, reason, actual, evidence }: CaseResult): readonly string[] {
  const why = verdict === 'pass' ? [] : [reason === '' ? actual : reason].filter((text) => text !== '');
  const lines = [...why, ...evidence.ss.map((line) => line.trimEnd())];
  return lines.length === 0 ? [''] : lines;
}
