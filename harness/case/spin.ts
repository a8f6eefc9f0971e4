import type { RunningTarget } from '#target';

/** A server that is not idle after so long, with nothing to do, spins, ms. */
const RESTLESS_MS = 1000;
/** How long its threads are watched at a time, ms. */
const WINDOW_MS = 20;
/** Of that time, so much running or waiting for a processor is work without a pause. */
const WITHOUT_PAUSE = 0.8;

/**
 * Whether a thread of the server works without a pause although nothing is asked of it. Costs microseconds where none runs.
 * @returns in words; null: none does, or this system does not tell
 */
export async function findSpin({ process }: RunningTarget, restlessMs = RESTLESS_MS): Promise<string | null> {
  if (process === null) return null;
  const startMs = performance.now();
  while (process.exited === null && process.isRunning()) {
    const before = process.threadTimes();
    const fromMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const now = process.threadTimes();
    const passedNs = (performance.now() - fromMs) * 1e6;
    const busiest = Math.max(0, ...[...now].map(([thread, time]) => time - (before.get(thread) ?? time)));
    if (busiest < passedNs * WITHOUT_PAUSE) return null;
    const passedMs = performance.now() - startMs;
    if (passedMs > restlessMs)
      return `a thread that runs without a pause (${passedMs.toFixed(0)} ms, with nothing to do)`;
  }
  return null;
}
