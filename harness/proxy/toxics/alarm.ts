/** Monotonic milliseconds, with a fraction. */
export function nowMs(): number {
  return performance.now();
}

/** setTimeout takes a longer one for 1. */
const LONGEST = 2 ** 31 - 1;

/** One timer that can be set again. It never rings early, which setTimeout does by up to a millisecond. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #due = Infinity;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings once at that time of {@link nowMs}; what was set before is forgotten. */
  set(due: number): void {
    if (this.#timer !== undefined && due === this.#due) return;
    this.clear();
    this.#due = due;
    this.#arm();
  }

  /** Rings once other work has had its turn. */
  soon(): void {
    this.clear();
    this.#immediate = setImmediate(this.#ring);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
  }

  #arm(): void {
    const wait = Math.min(Math.max(Math.ceil(this.#due - nowMs()), 1), LONGEST);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (nowMs() < this.#due) this.#arm();
      else this.#ring();
    }, wait);
  }
}
