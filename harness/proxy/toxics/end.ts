import { Alarm, nowMs } from './alarm.ts';
import { milliseconds } from './attributes.ts';
import { Backlog } from './backlog.ts';
import { toxicType, type Stage, type StageContext, type StreamEvent } from './contract.ts';

/** Passes data; the end waits for `delay` ms. A RST does not wait: it makes a FIN in front of it void. */
export const slowClose = toxicType({
  attributes: { delay: milliseconds },
  start: (values, context) => new HeldEnd(() => values().delay, context),
});

/** Passes data; the FIN waits for `timeout` ms, or with 0 until the toxic is removed. */
export const holdFin = toxicType({
  attributes: { timeout: milliseconds },
  extension: true,
  start: (values, context) => new HeldEnd(() => values().timeout || Infinity, context),
});

class HeldEnd implements Stage {
  readonly #waitMs: () => number;
  readonly #context: StageContext;
  readonly #ends = new Backlog();
  readonly #alarm = new Alarm(() => this.#pass());

  constructor(waitMs: () => number, context: StageContext) {
    this.#waitMs = waitMs;
    this.#context = context;
  }

  get held(): number {
    return this.#ends.held;
  }

  receive(event: StreamEvent): void {
    if (event === 'FIN' || event === 'CLOSE') {
      this.#ends.push(event, nowMs());
      this.#pass();
    } else {
      if (event === 'RST') this.drop();
      this.#context.emit(event);
    }
  }

  update(): void {
    this.#pass();
  }

  release(): void {
    this.#alarm.clear();
    this.#ends.releaseTo(this.#context.emit);
  }

  drop(): void {
    this.#alarm.clear();
    this.#ends.clear();
  }

  #pass(): void {
    this.#alarm.clear();
    for (let { first } = this.#ends; first !== undefined; { first } = this.#ends) {
      const due = first.at + this.#waitMs();
      if (due === Infinity) return;
      if (due > nowMs()) return this.#alarm.set(due);
      this.#ends.shift();
      this.#context.emit(first.event);
    }
  }
}
