import type { RunningTarget } from '#target';

/** A server that is not idle after so long, with nothing to do, spins, ms. */
const RESTLESS_MS = 1000;
/** How often its threads are looked at, ms. */
const WINDOW_MS = 20;
/** Of the time, so much running or waiting for a processor is work without a pause. */
const WITHOUT_PAUSE = 0.8;
/** The kernel counts what a thread waits for a processor when it has got one: so much may not be counted yet, ns. */
const UNCOUNTED_NS = 30e6;

/**
 * Whether a thread of the server works without a pause although nothing is asked of it. Costs microseconds where none runs.
 * @returns in words; null: none does, or this system does not tell
 */
export async function findSpin({ process }: RunningTarget, restlessMs = RESTLESS_MS): Promise<string | null> {
  if (process === null) return null;
  const startMs = performance.now();
  const before = process.threadTimes();
  while (process.exited === null && process.isRunning()) {
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const now = process.threadTimes();
    const passedMs = performance.now() - startMs;
    const busiest = Math.max(0, ...[...now].map(([thread, time]) => time - (before.get(thread) ?? time)));
    if (busiest + UNCOUNTED_NS < passedMs * 1e6 * WITHOUT_PAUSE) return null;
    if (passedMs > restlessMs)
      return `a thread that runs without a pause (${passedMs.toFixed(0)} ms, with nothing to do)`;
  }
  return null;
}
