import { nowUs } from '#core';
import type { StateSource } from '#trace';

/** The longest time without a look: what a timer of the kernel changes makes no packet. */
const LOOK_EVERY_MS = 2;

/**
 * Looks at a connection until `done` holds, at every packet and every 2 ms; false when `ms` passed before.
 * The last look is after the deadline, so that a late look at a state reached in time counts.
 */
export async function waitUntil(source: StateSource, ms: number, done: () => boolean): Promise<boolean> {
  const deadline = nowUs() + ms * 1000;
  for (;;) {
    const late = nowUs() >= deadline;
    source.state();
    if (done()) return true;
    if (late) return false;
    await source.changed(Math.min(LOOK_EVERY_MS, Math.max(0, (deadline - nowUs()) / 1000)));
  }
}
