import type { CaseResult, RunResult, Verdict } from '#trace';

/** A verdict that may not be, or one that was come to in another way than the first, and the run that it was in. */
export interface Difference {
  /** Which repeat, from 1. */
  readonly repeat: number;
  readonly run: RunResult;
  readonly result: CaseResult;
  /** What is different, in words. */
  readonly what: string;
}

/** What many runs of the same cases came to. */
export class Tally {
  repeats = 0;
  readonly verdicts = new Map<Verdict, number>();
  readonly differences: Difference[] = [];
  /** Of one case, milliseconds, by its id. */
  readonly #durations = new Map<string, number[]>();
  /** By the case's name: how it went the first time. */
  readonly #ways = new Map<string, string>();

  add(run: RunResult): void {
    this.repeats += 1;
    for (const result of run.cases) {
      const { id, target, family, verdict, durationMs } = result;
      const name = `${id} ${target} IPv${family}`;
      const way = wayOf(result);
      const first = this.#ways.get(name) ?? way;
      this.#ways.set(name, first);
      this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? 0) + 1);
      this.#durations.set(id, [...(this.#durations.get(id) ?? []), durationMs]);
      const difference = { repeat: this.repeats, run, result };
      if (NEVER.includes(verdict)) this.differences.push({ ...difference, what: verdict });
      else if (way !== first) this.differences.push({ ...difference, what: `first: ${first}; now: ${way}` });
    }
  }

  /** How many cases there are, each on its target and family. */
  get cases(): number {
    return this.#ways.size;
  }

  /** Median, 95th percentile and longest of all durations, or of one case's, milliseconds. */
  durations(id?: string): { p50: number; p95: number; max: number } {
    const all = id === undefined ? [...this.#durations.values()].flat() : (this.#durations.get(id) ?? []);
    const sorted = [...all].sort((a, b) => a - b);
    return { p50: percentile(sorted, 50), p95: percentile(sorted, 95), max: sorted.at(-1) ?? NaN };
  }

  /** The ids of the cases, in the order in which they first came. */
  get ids(): string[] {
    return [...this.#durations.keys()];
  }
}

/** Good servers on a machine that has all: none of these. */
const NEVER: readonly Verdict[] = ['fail', 'inconclusive', 'skipped'];

/** The verdict; of the states, which are the kernel's, also what was done to the server, and the states that it went through. */
function wayOf({ id, verdict, stimulus, states }: CaseResult): string {
  if (!id.startsWith('states/') || verdict !== 'pass') return verdict;
  return [stimulus, ...states.server.map(({ state }) => state)].join(' → ');
}

/** The nearest-rank percentile; NaN of nothing. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}
