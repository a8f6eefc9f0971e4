import type { WireCase } from '#case';

/** A pause is this much longer than asked for on every machine, ms. */
const USUAL_MS = 10;
/** A server may be so late on any machine, ms. */
const LATE_MS = 1000;

/**
 * How long this process was kept waiting by others, or by itself: on such a machine the server does what it is to do by a
 * time of its own that much later, or we see it so.
 */
export class Stillness {
  readonly #t: WireCase;
  ms = 0;
  #isTold = false;

  constructor(t: WireCase) {
    this.#t = t;
  }

  /** A pause that should take `ms` at most. */
  async during<T>(ms: number, pause: Promise<T>): Promise<T> {
    const fromUs = this.#t.trace.now();
    const result = await pause;
    const overMs = (this.#t.trace.now() - fromUs) / 1000 - ms;
    if (overMs > USUAL_MS) this.ms += overMs;
    return result;
  }

  /**
   * What took too long is judged without it; what did not is left as it is.
   * @param boundMs what the target has declared
   */
  lessThis(tookMs: number | null, boundMs: number | 'never' | undefined): number | null {
    if (tookMs === null || typeof boundMs !== 'number' || tookMs < boundMs + LATE_MS) return tookMs;
    this.#isTold = true;
    return Math.max(boundMs, tookMs - this.ms);
  }

  /** For the message, where it was taken off. */
  toString(): string {
    return this.#isTold ? ` (on a busy machine: ${this.ms.toFixed(0)} ms are not counted)` : '';
  }
}
