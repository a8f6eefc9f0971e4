import type { WireCase } from '#case';

/** A pause is this much longer than asked for on every machine, ms. */
const USUAL_MS = 10;

/**
 * How long this process got no processor: on a busy machine the server's processes get none either, and what a server is
 * to do by a time of its own it then does that much later.
 */
export class Stillness {
  readonly #t: WireCase;
  ms = 0;

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

  toString(): string {
    return this.ms < USUAL_MS * 10 ? '' : ` (this machine stood still for ${this.ms.toFixed(0)} ms besides)`;
  }
}
