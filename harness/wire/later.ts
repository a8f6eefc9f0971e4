import { nowUs } from '#core';

interface Due {
  readonly atUs: number;
  readonly act: () => void;
}

/** Does things at their time, in order of their times, and those of one time in the order in which they came. Grain: 1 ms. */
export class Later {
  #waiting: Due[] = [];
  #timer: NodeJS.Timeout | undefined;

  get count(): number {
    return this.#waiting.length;
  }

  /** @param atUs on the clock of nowUs */
  add(atUs: number, act: () => void): void {
    const after = this.#waiting.findIndex((due) => due.atUs > atUs);
    this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, { atUs, act });
    this.#wind();
  }

  /** Does all of it now. */
  hurry(): void {
    const all = this.#waiting;
    this.clear();
    for (const { act } of all) act();
  }

  clear(): void {
    this.#waiting = [];
    clearTimeout(this.#timer);
  }

  #wind(): void {
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (first !== undefined) {
      this.#timer = setTimeout(() => this.#ring(), Math.max(0, Math.ceil((first.atUs - nowUs()) / 1000)));
    }
  }

  #ring(): void {
    const now = nowUs();
    while (this.#waiting.length > 0 && this.#waiting[0]!.atUs <= now) this.#waiting.shift()!.act();
    this.#wind();
  }
}
