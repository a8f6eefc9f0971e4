import { Alarm, nowMs } from './alarm.ts';
import { milliseconds } from './attributes.ts';
import { Backlog } from './backlog.ts';
import { toxicType, type Stage, type StageContext, type StreamEvent, type Values } from './contract.ts';

const attributes = { latency: milliseconds, jitter: milliseconds };

/** After so many events others have their turn. */
const BATCH = 512;

/**
 * Passes each event on `latency` ± `jitter` ms after it came, and never before the one in front of it. Ends are delayed as
 * data are.
 */
export const latency = toxicType({
  attributes,
  // What is on its way at 300 MB/s and 100 ms.
  room: 32 * 1024 * 1024,
  start: (values, context) => new Latency(values, context),
});

class Latency implements Stage {
  readonly #values: () => Values<typeof attributes>;
  readonly #context: StageContext;
  readonly #backlog = new Backlog();
  readonly #alarm = new Alarm(() => this.#pass());

  constructor(values: () => Values<typeof attributes>, context: StageContext) {
    this.#values = values;
    this.#context = context;
  }

  get held(): number {
    return this.#backlog.held;
  }

  receive(event: StreamEvent): void {
    const draw = this.#values().jitter === 0 ? 0 : this.#context.random.fraction() * 2 - 1;
    const undelayed = this.#context.quirks.latencySparesEnd && typeof event === 'string';
    this.#backlog.push(event, undelayed ? -Infinity : nowMs(), draw);
    this.#pass();
  }

  /** What is held goes by the new values: its place in time is kept, as if they had always been so. */
  update(): void {
    const { first } = this.#backlog;
    if (this.#context.quirks.latencyUpdateReleases && first !== undefined) {
      this.#backlog.shift();
      this.#context.emit(first.event);
    }
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
    const { latency: base, jitter } = this.#values();
    for (let passed = 0; ; passed++) {
      const { first } = this.#backlog;
      if (first === undefined) return this.#alarm.clear();
      const due = first.at + Math.max(base + first.draw * jitter, 0);
      if (due > nowMs()) return this.#alarm.set(due);
      if (passed === BATCH) return this.#alarm.soon();
      this.#backlog.shift();
      this.#context.emit(first.event);
    }
  }
}
