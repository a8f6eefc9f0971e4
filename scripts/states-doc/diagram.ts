import { EDGES, STATES, type Edge, type State } from '#tcp';
import type { RunResult } from '#trace';
import { edgeText } from './words.ts';

/** The edges that an ordinary connection can take: those of the RFC's figure and those that its text adds. */
export const ORDINARY: readonly Edge[] = EDGES.filter(({ source }) => source !== 'failure');

/** The RFC's state diagram for Mermaid: what servers were driven through in these runs is solid, the rest is dotted. */
export function diagram(runs: readonly RunResult[]): string {
  const walked = new Set(['CLOSED LISTEN', 'TIME_WAIT CLOSED']);
  for (const { states } of runs.flatMap(({ cases }) => cases)) {
    states.server.forEach(({ state }, at) => {
      if (at > 0) walked.add(`${states.server[at - 1]!.state} ${state}`);
    });
  }
  const edges = ORDINARY.map((edge) => {
    const arrow = walked.has(`${edge.from} ${edge.to}`) ? '-->' : '-.->';
    return `  ${edge.from} ${arrow}|"${edgeText(edge)}"| ${edge.to}`;
  });
  return ['flowchart TD', ...STATES.map((state: State) => `  ${state}`), ...edges].join('\n');
}
