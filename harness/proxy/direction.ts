import type { Random } from '#core';
import type { ActingToxic } from './acting-toxic.ts';
import type { Quirks, Stage, StreamEvent } from './toxics/index.ts';

/** How many bytes wait for a receiver, and are held by toxics that ask for no more, before the sender has to wait. */
const ROOM = 64 * 1024;

/** What a direction has at its two ends. */
export interface DirectionEnds {
  /** Hands an event to the receiver. */
  deliver(event: StreamEvent): void;
  /** Bytes that the receiver's socket has not taken yet. */
  waiting(): number;
  /** Whether the sender may send. */
  setFlowing(flowing: boolean): void;
  /** Ends the connection with a RST to both peers. */
  reset(): void;
}

/** A stage in its place. */
interface Place {
  readonly toxic: ActingToxic;
  readonly stage: Stage;
  next: Place | undefined;
  /** An end has come in here. Data behind it would be behind a hole: what ended the stream is a toxic, which may be gone. */
  ended: boolean;
}

function hand(place: Place, event: StreamEvent): void {
  if (typeof event === 'string') place.ended = true;
  else if (place.ended) return;
  place.stage.receive(event);
}

/** One direction of one connection: its toxics, each handing events to the next, and the bound on what they hold. */
export class Direction {
  readonly #ends: DirectionEnds;
  readonly #quirks: Quirks;
  readonly #random: () => Random;
  #places: Place[] = [];
  #flowing = true;
  #dropped = false;

  constructor(ends: DirectionEnds, quirks: Quirks, random: () => Random) {
    this.#ends = ends;
    this.#quirks = quirks;
    this.#random = random;
  }

  /** Takes in what the sender sent. */
  push(event: StreamEvent): void {
    if (this.#dropped) return;
    const first = this.#places[0];
    if (first === undefined) this.#ends.deliver(event);
    else hand(first, event);
    this.settle();
  }

  /** Lets the sender send, or makes it wait: to be called when what waits may have changed. */
  settle(): void {
    if (this.#dropped) return;
    let held = 0;
    let room = ROOM;
    for (const { stage, toxic } of this.#places) {
      held += stage.held;
      room += toxic.type.room;
    }
    // A receiver that is slow is nothing that toxics need room for.
    const flowing = held < room && this.#ends.waiting() < ROOM;
    if (flowing === this.#flowing) return;
    this.#flowing = flowing;
    this.#ends.setFlowing(flowing);
  }

  /** Makes exactly these toxics act, in this order; those that go hand on what they hold, those that stay get their new values. */
  apply(toxics: readonly ActingToxic[], atOpening: boolean): void {
    // From the end: what one hands on when it goes or begins is for those that stay behind it, not for one that goes, too.
    for (let at = this.#places.length - 1; at >= 0 && !this.#dropped; at--) {
      const place = this.#places[at]!;
      if (toxics.includes(place.toxic)) continue;
      place.stage.release();
      this.#places.splice(at, 1);
      this.#link();
    }
    let next: Place | undefined;
    for (let at = toxics.length - 1; at >= 0 && !this.#dropped; at--) {
      const toxic = toxics[at]!;
      let place = this.#places.find((other) => other.toxic === toxic);
      if (place === undefined) place = this.#start(toxic, next, atOpening);
      else place.stage.update();
      next = place;
    }
    this.settle();
  }

  /** The connection is gone. */
  drop(): void {
    this.#dropped = true;
    for (const { stage } of this.#places) stage.drop();
    this.#places = [];
  }

  #start(toxic: ActingToxic, next: Place | undefined, atOpening: boolean): Place {
    let place: Place | undefined;
    const stage = toxic.type.start!(() => toxic.toxic.attributes, {
      emit: (event) => {
        // A stage can hand something on while it is being started: its place is not there yet.
        const behind = place === undefined ? next : place.next;
        if (this.#dropped) return;
        if (behind === undefined) this.#ends.deliver(event);
        else hand(behind, event);
        if (!this.#flowing) this.settle();
      },
      reset: () => this.#ends.reset(),
      random: this.#random().fork(`toxic ${toxic.toxic.name}`),
      quirks: this.#quirks,
      atOpening,
    });
    place = { toxic, stage, next, ended: false };
    if (this.#dropped) stage.drop();
    else this.#places.splice(next === undefined ? this.#places.length : this.#places.indexOf(next), 0, place);
    this.#link();
    return place;
  }

  #link(): void {
    this.#places.forEach((place, at) => {
      place.next = this.#places[at + 1];
    });
  }
}
