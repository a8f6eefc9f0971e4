import type { StreamEvent } from './contract.ts';

/** What an event takes besides its bytes, about: an object, a Buffer and a place in the list. */
const OVERHEAD = 128;

interface Entry {
  readonly event: StreamEvent;
  /** When it came, in milliseconds of {@link nowMs}. */
  readonly at: number;
  /** A number that goes with it: the draw for its jitter. */
  readonly draw: number;
}

/** Events that wait, in order. */
export class Backlog {
  #entries: Entry[] = [];
  #first = 0;
  #bytes = 0;

  /** Memory, not only data. */
  get held(): number {
    return this.#bytes;
  }

  get first(): Entry | undefined {
    return this.#entries[this.#first];
  }

  push(event: StreamEvent, at = 0, draw = 0): void {
    this.#entries.push({ event, at, draw });
    this.#bytes += sizeOf(event);
  }

  shift(): void {
    const entry = this.first;
    if (entry === undefined) return;
    this.#bytes -= sizeOf(entry.event);
    this.#first++;
    // Moving the rest to the front costs its length: only done when as many places are to be had back.
    if (this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }

  /** Takes that many bytes from the front of the first event, which is longer. */
  cut(size: number): Buffer {
    const { event, at, draw } = this.first!;
    const bytes = event as Buffer;
    this.#entries[this.#first] = { event: bytes.subarray(size), at, draw };
    this.#bytes -= size;
    return bytes.subarray(0, size);
  }

  /** Hands all of it on. */
  releaseTo(emit: (event: StreamEvent) => void): void {
    for (let entry = this.first; entry !== undefined; entry = this.first) {
      this.shift();
      emit(entry.event);
    }
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}

function sizeOf(event: StreamEvent): number {
  return OVERHEAD + (typeof event === 'string' ? 0 : event.length);
}
