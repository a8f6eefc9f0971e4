import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something holds. @returns after how many milliseconds @throws when it does not within `withinMs` */
export async function until(what: string, holds: () => boolean, withinMs = 2000): Promise<number> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(2);
  }
  return performance.now() - start;
}
