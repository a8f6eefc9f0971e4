/** A seeded source of random numbers: the same seed gives the same run. */
export interface Random {
  /** A whole number from 0 up to, not including, `bound` (1 to 2^32). */
  below(bound: number): number;
  /** A fraction from 0 up to, not including, 1. */
  fraction(): number;
  /** That many random bytes. */
  bytes(count: number): Uint8Array;
  /** A new source whose numbers do not depend on how many this one has given: one for each case, named after it. */
  fork(name: string): Random;
}

/** `seed`: any whole number of 32 bits. The generator is sfc32, 128 bits of state: quick, and good enough for tests. */
export function random(seed: number): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed >>> 0];
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next();
  return {
    below: (bound) => Math.floor((next() / 0x1_0000_0000) * bound),
    fraction: () => next() / 0x1_0000_0000,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 24),
    fork: (name) => random(hash(`${seed >>> 0}/${name}`)),
  };
}

/** FNV-1a, 32 bits: from a name to a seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193);
  return value >>> 0;
}
