import type { CaseResult, RunResult } from '#trace';
import { formatEndpoint } from '#tcp';
import { againCommand } from './again.ts';
import { groupBy } from './group.ts';
import { renderTimeline } from './timeline.ts';
import type { View } from './view.ts';
import { formatReference, markOf, worstOf } from './words.ts';
import { wrap } from './wrap.ts';

/** A timeline longer than this is shown by its two ends; the whole of it is in the JSON result. */
const TIMELINE_LINES = 60;

/** Everything that one needs to understand a case that failed or did not decide, and the command to run it again. */
export function failures(run: RunResult, view: View): string[] {
  const groups = [...groupBy(run.cases, ({ id, target, family }) => `${id} ${target} ${family}`).values()];
  const shown = groups.filter((repeats) => ['fail', 'inconclusive'].includes(worstOf(repeats).verdict));
  // Where a server is gone for good, every case after it has the same to say, and nothing to show.
  const alike = groupBy(shown, (repeats) => {
    const { id, target, family, verdict, reason, evidence } = worstOf(repeats);
    return evidence.trace.length > 0 ? `${id} ${target} ${family}` : `${verdict} ${target} ${reason}`;
  });
  return [...alike.values()].flatMap(([first, ...others], at) => [
    ...(at === 0 ? [] : ['']),
    ...failure(first!, run.seed, view),
    ...(others.length === 0 ? [] : told('the same: ', others.map(nameOf).join(', '), view)),
  ]);
}

/** `states/closing on IPv4` */
function nameOf([first]: readonly CaseResult[]): string {
  return `${first!.id} on IPv${first!.family}`;
}

function failure(repeats: readonly CaseResult[], seed: number, view: View): string[] {
  const result = worstOf(repeats);
  const { verdict, expected, actual, states, evidence } = result;
  const { style } = view;
  const same = repeats.filter((repeat) => repeat.verdict === verdict).length;
  const title = [
    `${markOf(verdict, style)} ${style('bold', result.id)}`,
    `${result.target} IPv${result.family}`,
    result.level.toUpperCase(),
    ...result.refs.slice(0, 1).map(formatReference),
    `seed ${seed}`,
    ...(repeats.length === 1 ? [] : [`${same} of ${repeats.length} repeats`]),
  ];
  const last = states.server.at(-1)?.state;
  // Where the case saw the state that it is about, something else went wrong.
  const asExpected = evidence.ss.length > 0 && actual === last;
  const stays = verdict === 'fail' && last !== 'CLOSED' && !asExpected ? last : undefined;
  const { connection, pcapng } = evidence;
  const inTimeline = evidence.trace.flatMap((event) => (event.kind === 'witness' ? event.lines : []));
  const again = view.again?.(result) ?? againCommand(result, seed);
  return [
    title.join('   '),
    ...told('expected: ', expected, view),
    ...(actual === '' ? [] : told('actual:   ', actual, view)),
    ...found(result, view),
    ...(connection === null
      ? []
      : [`  server ${formatEndpoint(connection.server)} < client ${formatEndpoint(connection.client)}`]),
    ...shorten(renderTimeline(evidence.trace, { stays })),
    ...evidence.ss.filter((line) => !inTimeline.includes(line)).map((line) => `  ss: ${line.trimEnd()}`),
    ...(result.leaks ?? []).map((leak) => `  left behind: ${leak}`),
    `  again: ${again}${pcapng === null ? '' : `     packets: ${pcapng}`}`,
  ];
}

/** What was not as it must be: the path of states, the application and leaks are three findings. */
function found({ faults, reason, actual }: CaseResult, view: View): string[] {
  if (faults.length === 0) return reason === '' || reason === actual ? [] : told('reason:   ', reason, view);
  const isTold = faults.length === 1 && faults[0]!.text === actual;
  return isTold ? [] : faults.flatMap(({ finding, text }) => told(`${finding}: `.padEnd(10), text, view));
}

function told(name: string, text: string, { width }: View): string[] {
  return wrap(text, width, `  ${name}`, ' '.repeat(2 + name.length));
}

function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= TIMELINE_LINES) return lines;
  const half = TIMELINE_LINES / 2;
  return [
    ...lines.slice(0, half),
    `${' '.repeat(15)}… ${lines.length - TIMELINE_LINES} lines more in the JSON result`,
    ...lines.slice(-half),
  ];
}
