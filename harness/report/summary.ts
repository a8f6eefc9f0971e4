import type { RunResult, Verdict } from '#trace';
import type { View } from './view.ts';
import { formatTime } from './words.ts';
import { wrap, wrapWords } from './wrap.ts';

/** Verdicts that are named only when there are any. */
const OTHERS: readonly Verdict[] = ['inconclusive', 'unsupported', 'info', 'known'];

/** What ran and where; then why it was not the wire. */
export function headline({ tool, environment, seed }: RunResult, { style, width }: View): string[] {
  const { plane, planeReason, link, os, kernel, node, user, ss } = environment;
  const facts = [
    style('bold', `${tool.name} ${tool.version}`),
    plane === 'wire' ? `wire (${link})` : 'loopback',
    // Its build is in the JSON result.
    `${os} ${kernel.split(' ', 1)[0]}`,
    `Node ${node.replace(/^v/, '')}`,
    ...(ss === '' ? [] : [ss]),
    user === 'root' ? 'as root' : 'as an ordinary user',
    `seed ${seed}`,
  ];
  return [
    ...wrapWords(
      facts.map((fact, at) => (at === facts.length - 1 ? fact : `${fact},`)),
      width,
      '',
      '  ',
    ),
    ...(planeReason === ''
      ? []
      : wrap(`not on the wire: ${planeReason}`, width, '', '  ').map((line) => style('yellow', line))),
  ];
}

/** `22 passed, 0 failed, 0 skipped, 2 unsupported in 1.3s` */
export function summaryLine({ summary, durationMs }: RunResult, { style }: View): string {
  const { pass, fail, skipped } = summary;
  const counts = [
    style(pass > 0 ? 'green' : 'dim', `${pass} passed`),
    style(fail > 0 ? 'red' : 'dim', `${fail} failed`),
    style(skipped > 0 ? 'yellow' : 'dim', `${skipped} skipped`),
    ...OTHERS.filter((verdict) => summary[verdict] > 0).map((verdict) => `${summary[verdict]} ${verdict}`),
  ];
  return `${counts.join(', ')} in ${formatTime(durationMs * 1_000)}`;
}
