import { unmetKnown, type KnownFailure, type RunListener, type RunPlan } from '#case';
import {
  checkJsonFile,
  coloured,
  plain,
  printableJson,
  progressOn,
  renderRun,
  writeJson,
  type View,
} from '#report';
import type { RunResult } from '#trace';
import type { Io, Registry, Stream } from './contract.ts';
import { exitOfRun } from './exit.ts';
import { listenForInterruption } from './interruption.ts';
import type { Reporting } from './run-flags.ts';

/** Columns of a report that goes to no terminal. */
const DEFAULT_WIDTH = 100;

/** How the result of a run is told, and what it counts for. */
export interface ExecuteOptions extends Reporting, Pick<View, 'again' | 'notes'> {
  readonly color: boolean;
  readonly requirePrivileged: boolean;
}

/** Runs a plan, shows it while it goes, reports. @returns the exit code */
export async function execute(
  plan: RunPlan,
  { run }: Registry,
  io: Io,
  options: ExecuteOptions,
): Promise<number> {
  const { list, json, color, requirePrivileged, again, notes } = options;
  const toStdout = json === '-';
  if (json !== undefined && !toStdout) checkJsonFile(json);
  const out = toStdout ? io.stderr : io.stdout;
  using interruption = listenForInterruption(io.signals);
  const result = await withProgress(list ? out : undefined, plan.targets.length, (listener) =>
    run({ ...plan, signal: interruption.signal }, listener),
  ).catch((error: unknown) => {
    const exitCode = interruption.exitCode();
    // A run that was told to stop may end by the abort itself.
    if (exitCode === null || (error as Error | null)?.name !== 'AbortError') throw error;
    io.stderr.write('closewait: interrupted\n');
    return exitCode;
  });
  if (typeof result === 'number') return result;
  const unmet = unmetKnown(result.cases, plan.known ?? []);
  if (list) {
    const cut = interruption.exitCode() === null ? [] : ['interrupted: only what is told here has run'];
    const style = color && hasColors(out) ? coloured : plain;
    out.write(
      renderRun(result, {
        style,
        width: out.columns ?? DEFAULT_WIDTH,
        again,
        notes: [...(notes ?? []), ...unmet.map(unmetInWords), ...cut],
      }),
    );
  }
  if (toStdout) io.stdout.write(printableJson(result));
  else if (json !== undefined) writeJson(result, json);
  return interruption.exitCode() ?? exitOfRun(result, { requirePrivileged, unmet: unmet.length });
}

function unmetInWords({ target, case: id, family, reference }: KnownFailure): string {
  const where = family === undefined ? target : `${target} IPv${family}`;
  return `✗ ${id} on ${where} is a known failure (${reference}) and did not fail: take it out of the file`;
}

async function withProgress(
  out: Stream | undefined,
  targets: number,
  run: (listener: RunListener) => Promise<RunResult>,
): Promise<RunResult> {
  if (out === undefined) return run({});
  const progress = progressOn(out, targets);
  try {
    return await run(progress);
  } finally {
    progress.end();
  }
}

function hasColors(out: Stream): boolean {
  return out.isTTY === true && out.hasColors?.() === true;
}
