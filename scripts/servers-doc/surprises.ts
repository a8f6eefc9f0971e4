import type { KnownFailure } from '#case';
import { againCommand, formatReference, renderTimeline } from '#report';
import type { CaseResult, RunResult } from '#trace';
import { telling } from './cell.ts';
import { groupBy } from './group.ts';

/** Lines of packets that are shown: the beginning and the end of longer ones. */
const LINES = 24;

/** What a server did that its case does not expect, with the packets, and how to see it again. */
export function surprises({ cases, seed }: RunResult, known: readonly KnownFailure[]): string {
  const failed = cases.filter(({ verdict }) => ['fail', 'known', 'inconclusive'].includes(verdict));
  if (failed.length === 0) return 'None in this run.';
  return [...groupBy(failed, ({ target, id }) => `${target}: ${id}`)]
    .map(([title, results]) => surprise(title, results, seed, known))
    .join('\n\n');
}

function surprise(
  title: string,
  results: readonly CaseResult[],
  seed: number,
  known: readonly KnownFailure[],
): string {
  const result = telling(results)!;
  const entry = known.find(({ target, case: id }) => target === result.target && id === result.id);
  const families = results.map(({ family }) => `IPv${family}`).join(' and ');
  const refs = result.refs.map(formatReference).join(', ');
  return `### ${title}

${result.verdict === 'known' ? '' : `Verdict: ${result.verdict}. `}On ${families}. ${result.title} (${refs}).

- Expected: ${inline(result.expected)}
- Seen: ${inline(result.reason)}
${entry === undefined ? '' : `- ${inline(entry.reason)} Reference: ${entry.reference}\n`}- Again: \`${againCommand(result, seed)}\`

\`\`\`text
${packets(result).join('\n')}
\`\`\``;
}

function packets({ evidence }: CaseResult): string[] {
  const lines = renderTimeline(evidence.trace);
  if (lines.length <= LINES) return lines;
  const half = LINES / 2;
  return [...lines.slice(0, half), `    ... ${lines.length - LINES} lines`, ...lines.slice(-half)];
}

/** Text of a server in Markdown: nothing in it is markup. */
function inline(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, String.raw`\$&`);
}
