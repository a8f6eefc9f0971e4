/** Who takes nothing for so long is not waited for. */
const PATIENCE_MS = 500;
const LONGEST_MS = 16;

/**
 * Looks again and again at what is left, for which there is no event: calls back once it is nothing, or has not changed for
 * half a second.
 * @returns stops to look
 */
export function whenDrained(left: () => number, done: () => void): () => void {
  let last = left();
  let changedAt = performance.now();
  let waitMs = 1;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = left();
    if (now !== last) {
      last = now;
      changedAt = performance.now();
    }
    if (now === 0 || performance.now() - changedAt >= PATIENCE_MS) return done();
    timer = setTimeout(look, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_MS);
  };
  look();
  return () => clearTimeout(timer);
}
