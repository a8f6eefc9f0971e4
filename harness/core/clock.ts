/**
 * Monotonic time in microseconds, with a fraction: CLOCK_MONOTONIC, the clock that the kernel's own stamps use.
 * One unit for all of closewait's times that end in `Us`.
 */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}
