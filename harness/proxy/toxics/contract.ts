import type { Random } from '#core';
import type { Quirks } from './quirks.ts';

/**
 * How a stream ends. `FIN` and `RST` are what they are on the wire. `CLOSE` is a close() of the receiver's socket,
 * both directions of it, behind the data that went before.
 */
export type StreamEnd = 'FIN' | 'RST' | 'CLOSE';

/** What passes in one direction of a connection, in order: data, and at the end one FIN, RST or CLOSE. A RST or CLOSE may follow a FIN. */
export type StreamEvent = Buffer | StreamEnd;

interface NumberAttribute {
  readonly kind: 'integer' | 'float';
  readonly default: number;
  /** Both are allowed. */
  readonly min: number;
  readonly max: number;
  /** `ms`, `µs`, `bytes`, `KB/s`, or empty for what has no unit. */
  readonly unit: string;
}

interface ChoiceAttribute {
  readonly kind: 'string';
  readonly default: string;
  readonly choices: readonly string[];
  readonly unit: '';
}

/** What one attribute of a toxic can be. */
export type Attribute = NumberAttribute | ChoiceAttribute;

export type Attributes = Readonly<Record<string, Attribute>>;

/** The values of a toxic's attributes, once they have been checked. */
export type Values<A extends Attributes = Attributes> = {
  readonly [K in keyof A]: A[K] extends ChoiceAttribute
    ? A[K]['choices'][number]
    : A[K] extends NumberAttribute
      ? number
      : number | string;
};

/** What a toxic can do to the connection that it acts on. */
export interface StageContext {
  /** Hands an event to the next toxic, or to the receiver. */
  readonly emit: (event: StreamEvent) => void;
  /** Ends the connection now, what is held with it: both peers get a RST. */
  readonly reset: () => void;
  /** Its own numbers: they depend on the seed, the connection's number and the toxic's name, and on nothing else. */
  readonly random: Random;
  readonly quirks: Quirks;
  /** The toxic was there when the connection was opened. */
  readonly atOpening: boolean;
}

/** A toxic at work in one direction of one connection. */
export interface Stage {
  receive(event: StreamEvent): void;
  /** New values; what is held goes by them. */
  update(): void;
  /** Hands on all that it holds, in order. It is not used afterwards. */
  release(): void;
  /** The connection is gone: stops its timers, forgets what it holds. */
  drop(): void;
  /** The memory that it holds, in bytes. */
  readonly held: number;
}

/** What a toxic wants of a connection that is being opened, before the upstream is dialled. */
export interface Opening {
  /** `refuse`: the client gets a RST, the upstream hears nothing. `hang`: it is not dialled yet. */
  readonly act: 'refuse' | 'hang';
  /** For `hang`: after how many milliseconds it is dialled all the same; 0 is never. */
  readonly ms: number;
}

/** One kind of toxic. */
export interface ToxicType {
  readonly attributes: Attributes;
  /** Toxiproxy 2.12 does not have it. */
  readonly extension: boolean;
  /** How many bytes of memory it may fill in each direction of each connection before the sender is made to wait. */
  readonly room: number;
  /** Acts on the opening of a connection. */
  opening?(values: Values): Opening;
  /** Acts on the stream. `values` gives those of the moment. */
  start?(values: () => Values, context: StageContext): Stage;
  /** Restricts the other toxics of its proxy to this many connections, counted from when it was added. */
  connections?(values: Values): number;
}

/** Declares a kind of toxic, so that its functions know the types of its attributes. */
export function toxicType<const A extends Attributes>(type: {
  attributes: A;
  extension?: boolean;
  room?: number;
  opening?(values: Values<A>): Opening;
  start?(values: () => Values<A>, context: StageContext): Stage;
  connections?(values: Values<A>): number;
}): ToxicType {
  return { extension: false, room: 0, ...type };
}
