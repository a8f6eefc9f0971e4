declare const brand: unique symbol;

/**
 * A sequence or acknowledgement number, modulo 2^32 (RFC 9293 §3.4). A type of its own, so that it is never
 * compared with `<` or added with `+` by mistake: both are wrong around the wrap.
 */
export type Seq = number & { readonly [brand]: 'Seq' };

/** Any whole number, taken modulo 2^32. */
export function seq(value: number): Seq {
  return (value >>> 0) as Seq;
}

/** The number `count` places after `start`; `count` may be negative. */
export function seqAdd(start: Seq, count: number): Seq {
  return ((start + count) >>> 0) as Seq;
}

/** How far `a` is ahead of `b`, from -2^31 to 2^31 - 1: negative where it is behind. */
export function seqDiff(a: Seq, b: Seq): number {
  return (a - b) | 0;
}

export function seqLt(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) < 0;
}

export function seqLe(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) <= 0;
}

/** Whether `value` is one of the `size` numbers that start at `start`. */
export function seqInWindow(value: Seq, start: Seq, size: number): boolean {
  return (value - start) >>> 0 < size;
}
