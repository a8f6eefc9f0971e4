/** What one variant of a benchmark gave, over its rounds. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Takes one figure, in the unit of its row. */
export type Sample = () => number | Promise<number>;

/** A row of the table: ours beside a way that a user has today. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly ours: Figure;
  /** The other way, in a few words. */
  readonly against: string;
  /** null where it is missing on this machine. */
  readonly theirs: Figure | null;
  /** How many times better ours is, by the medians; null where there is nothing to divide by. */
  readonly ratio: number | null;
  /** What to install, where the other way is missing. */
  readonly missing?: string;
}

export interface Benchmark {
  readonly name: string;
  run(): Promise<Row[]>;
}

/**
 * Samples each variant once a round, in turn, so that whatever else the machine does falls on all alike. One round more,
 * the first, warms up and is not counted. A variant that is a text is missing: the text says what to install.
 */
export async function interleave<K extends string>(
  rounds: number,
  variants: Readonly<Record<K, Sample | string>>,
): Promise<Record<K, Figure | string>> {
  const entries = Object.entries(variants) as [K, Sample | string][];
  const samples = new Map<K, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, sample] of entries) {
      if (typeof sample === 'string') continue;
      const value = await sample();
      if (round > 0) samples.get(name)!.push(value);
    }
  }
  const figures = entries.map(([name, sample]) => [
    name,
    typeof sample === 'string' ? sample : figureOf(samples.get(name)!),
  ]);
  return Object.fromEntries(figures) as Record<K, Figure | string>;
}

export function figureOf(samples: readonly number[]): Figure {
  return { median: median(samples), min: Math.min(...samples), max: Math.max(...samples) };
}

export function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}

/** Seconds that `work` takes. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Puts two variants side by side. @param ours a variant that is never missing */
export function compare(
  { what, unit, better, against }: Pick<Row, 'what' | 'unit' | 'better' | 'against'>,
  ours: Figure | string,
  theirs: Figure | string,
): Row {
  if (typeof ours === 'string') throw new Error(`${what}: ${ours}`);
  const row = { what, unit, better, against, ours };
  if (typeof theirs === 'string') return { ...row, theirs: null, ratio: null, missing: theirs };
  const [more, less] = better === 'more' ? [ours, theirs] : [theirs, ours];
  return { ...row, theirs, ratio: less.median === 0 ? null : more.median / less.median };
}
