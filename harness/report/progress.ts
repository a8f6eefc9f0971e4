import { nowUs } from '#core';
import { summarize, type CaseResult, type TargetInfo } from '#trace';
import { printable } from './printable.ts';
import { formatTime, markOf } from './words.ts';
import { plain } from './style.ts';

/** A terminal or a file that takes text. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Shows a run while it goes; its methods are a RunListener's. `end` leaves nothing on the screen but whole lines. */
export interface Progress {
  runStarted(run: { total: number }): void;
  targetReady(target: TargetInfo, startMs: number): void;
  caseStarted(id: string, target: string, family: number): void;
  caseEnded(result: CaseResult): void;
  end(): void;
}

/** One status line that is redrawn on a terminal; elsewhere a line when a target is ready and one when it is done. */
export function progressOn(output: Output, targets: number): Progress {
  return output.isTTY === true ? statusLine(output) : lineByLine(output, targets);
}

/** The least time between two drawings: cases take milliseconds, eyes do not follow more. */
const DRAW_EVERY_MS = 50;

function statusLine(output: Output): Progress {
  let [total, done, failed] = [0, 0, 0];
  let text = '';
  let drawnAt = -Infinity;
  let pending: NodeJS.Timeout | undefined;
  const draw = (): void => {
    pending = undefined;
    drawnAt = nowUs();
    output.write(`\r\x1b[2K${[...text].slice(0, (output.columns ?? 80) - 1).join('')}`);
  };
  const show = (next: string): void => {
    text = printable(next);
    if (pending !== undefined) return;
    const waitMs = DRAW_EVERY_MS - (nowUs() - drawnAt) / 1_000;
    // The last text of a quick burst must still appear: a slow case may follow it.
    if (waitMs > 0) pending = setTimeout(draw, waitMs).unref();
    else draw();
  };
  return {
    runStarted: (run) => (total = run.total),
    targetReady: (target, startMs) => show(readyText(target, startMs)),
    caseStarted: (id, target, family) =>
      show(`[${done + 1}/${total}] ${target} IPv${family} ${id}${failed > 0 ? `   ${failed} failed` : ''}`),
    caseEnded: ({ verdict }) => {
      done += 1;
      if (verdict === 'fail') failed += 1;
    },
    end: () => {
      clearTimeout(pending);
      output.write('\r\x1b[2K');
    },
  };
}

function lineByLine(output: Output, targets: number): Progress {
  let perTarget = Infinity;
  const ready = new Set<string>();
  const results = new Map<string, CaseResult[]>();
  const say = (line: string): unknown => output.write(`${printable(line)}\n`);
  const finished = (target: string): void => {
    const { pass, fail, skipped } = summarize(results.get(target)!);
    results.delete(target);
    const mark = markOf(fail > 0 ? 'fail' : 'pass', plain);
    say(`${mark} ${target}: ${pass} passed, ${fail} failed, ${skipped} skipped`);
  };
  return {
    runStarted: ({ total }) => (perTarget = total / targets),
    targetReady: (target, startMs) => {
      // A target may be started anew for every family or plane: one line is enough.
      if (!ready.has(target.name)) say(readyText(target, startMs));
      ready.add(target.name);
    },
    caseStarted: () => {},
    caseEnded: (result) => {
      const ofTarget = [...(results.get(result.target) ?? []), result];
      results.set(result.target, ofTarget);
      if (ofTarget.length >= perTarget) finished(result.target);
    },
    end: () => {
      for (const target of results.keys()) finished(target);
    },
  };
}

function readyText({ name, version }: TargetInfo, startMs: number): string {
  return `${version === '' ? name : `${name} ${version}`} is ready after ${formatTime(startMs * 1_000)}`;
}
