import { Alarm, nowMs } from './alarm.ts';
import { kilobytesPerSecond } from './attributes.ts';
import { Backlog } from './backlog.ts';
import { toxicType, type Stage, type StageContext, type StreamEvent, type Values } from './contract.ts';

const attributes = { rate: kilobytesPerSecond };

/** A longer piece is cut, so that it passes evenly and not at its end. */
const PIECE_MS = 100;

/** Passes `rate` times 1000 bytes a second and no more; ends wait for the data before them, not longer. Rate 0: nothing passes. */
export const bandwidth = toxicType({
  attributes,
  start: (values, context) => new Bandwidth(values, context),
});

class Bandwidth implements Stage {
  readonly #values: () => Values<typeof attributes>;
  readonly #context: StageContext;
  readonly #backlog = new Backlog();
  readonly #alarm = new Alarm(() => this.#pass());
  /** When the last piece had passed, or will have: the next begins then. */
  #free = 0;

  constructor(values: () => Values<typeof attributes>, context: StageContext) {
    this.#values = values;
    this.#context = context;
  }

  get held(): number {
    return this.#backlog.held;
  }

  receive(event: StreamEvent): void {
    if (this.#backlog.first === undefined) this.#free = Math.max(this.#free, nowMs());
    this.#backlog.push(event);
    this.#pass();
  }

  update(): void {
    this.#free = nowMs();
    this.#pass();
  }

  release(): void {
    this.#alarm.clear();
    this.#backlog.releaseTo(this.#context.emit);
  }

  drop(): void {
    this.#alarm.clear();
    this.#backlog.clear();
  }

  #pass(): void {
    // KB/s are bytes per millisecond.
    const { rate } = this.#values();
    this.#alarm.clear();
    for (let first = this.#backlog.first; first !== undefined; first = this.#backlog.first) {
      const { event } = first;
      if (rate === 0) return;
      const size = typeof event === 'string' ? 0 : Math.min(event.length, rate * PIECE_MS);
      const due = this.#free + size / rate;
      if (due > nowMs()) return this.#alarm.set(due);
      this.#free = due;
      if (typeof event === 'string' || size === event.length) {
        this.#backlog.shift();
        this.#context.emit(event);
      } else {
        this.#context.emit(this.#backlog.cut(size));
      }
    }
  }
}
