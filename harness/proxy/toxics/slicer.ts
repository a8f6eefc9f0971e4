import type { Random } from '#core';
import { Alarm, nowMs } from './alarm.ts';
import { byteCount, microseconds } from './attributes.ts';
import { Backlog } from './backlog.ts';
import { toxicType, type Stage, type StageContext, type StreamEvent, type Values } from './contract.ts';

const attributes = { average_size: byteCount, size_variation: byteCount, delay: microseconds };

/** After so many pieces others have their turn. */
const BATCH = 256;

/**
 * Passes data in pieces of `average_size` ± `size_variation` bytes, at least 1, each a write of its own, with `delay`
 * microseconds after each. Average size 0: chunks stay as they are.
 */
export const slicer = toxicType({
  attributes,
  start: (values, context) => new Slicer(values, context),
});

class Slicer implements Stage {
  readonly #values: () => Values<typeof attributes>;
  readonly #context: StageContext;
  readonly #backlog = new Backlog();
  readonly #alarm = new Alarm(() => this.#pass());
  /** Sizes of the pieces of the first chunk, where they are known beforehand; the last is in front. */
  #sizes: number[] = [];
  /** When the next piece may pass. */
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
    this.#sizes = [];
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
    const values = this.#values();
    this.#alarm.clear();
    for (let passed = 0; ; passed++) {
      const { first } = this.#backlog;
      if (first === undefined) return;
      if (this.#free > nowMs()) return this.#alarm.set(this.#free);
      if (passed === BATCH) return this.#alarm.soon();
      const { event } = first;
      const size = typeof event === 'string' ? 0 : this.#size(event.length, values);
      if (typeof event === 'string' || size >= event.length) {
        this.#backlog.shift();
        this.#sizes = [];
        this.#context.emit(event);
      } else {
        this.#context.emit(this.#backlog.cut(size));
      }
      if (typeof event !== 'string') this.#free += values.delay / 1000;
    }
  }

  /** How long the next piece of a chunk is to be that has `left` bytes left. */
  #size(left: number, values: Values<typeof attributes>): number {
    const { average_size: average, size_variation: variation } = values;
    const { quirks, random } = this.#context;
    if (average === 0) return left;
    if (!quirks.slicerHalves) return Math.max(between(average - variation, average + variation, random), 1);
    if (this.#sizes.length === 0) this.#sizes = halve(left, average, variation, random).toReversed();
    return this.#sizes.pop()!;
  }
}

/** A whole number of a range, both ends included. The range can be wider than 2^32. */
function between(low: number, high: number, random: Random): number {
  return low + Math.floor(random.fraction() * (high - low + 1));
}

/** Toxiproxy's way: in two, about, until a piece is at most average + variation. */
function halve(length: number, average: number, variation: number, random: Random): number[] {
  if (length - average <= variation || length < 2) return [length];
  const middle = Math.floor(length / 2) + between(-variation, variation, random);
  const left = Math.min(Math.max(middle, 1), length - 1);
  return [...halve(left, average, variation, random), ...halve(length - left, average, variation, random)];
}
