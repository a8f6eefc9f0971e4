import type { RunResult } from '#trace';
import { stateEvidence } from './evidence.ts';
import { failures } from './failures.ts';
import { otherCases } from './others.ts';
import { printable, printableValue } from './printable.ts';
import { skips } from './skips.ts';
import { stateTable } from './state-table.ts';
import { headline, summaryLine } from './summary.ts';
import type { View } from './view.ts';

/**
 * The report of a run for a terminal, from its result alone. Nothing in it can script the terminal. What matters most comes
 * last, where the eye is when it has scrolled by.
 */
export function renderRun(result: RunResult, view: View): string {
  const run = printableValue(result);
  const sections = [
    headline(run, view),
    stateEvidence(run, view),
    otherCases(run, view),
    skips(run, view),
    failures(run, view),
    stateTable(run, view),
    [...(view.notes ?? []).map(printable), summaryLine(run, view)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
