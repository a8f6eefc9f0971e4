import { CloseWaitError, nowUs, type Random } from '#core';
import type { PacketView } from '#tcp';
import { corrupt, delay, drop, duplicate, hold, rate, reorder, rewrite, type Act, type On } from './acts.ts';
import { matcher, type LookAt, type Match } from './match.ts';
import type { Passing } from './passing.ts';

/** A rule on the wire: what it is about, what it does, and what it has done. It is removed when the case ends. */
export class Rule {
  readonly #act: Act;
  readonly #matches: (passing: Passing) => boolean;
  readonly #nth: readonly [number, number];
  readonly #chance: number;
  readonly #random: Random;
  readonly #off: (rule: Rule) => void;
  readonly #settle: () => void;
  #candidates = 0;
  #matched = 0;
  #watchers: (() => void)[] = [];

  /** Its place among the rules: they act in the order in which they were made. */
  readonly order: number;

  constructor(order: number, match: Match, act: Act, { look, random, off, settle }: RuleOptions) {
    this.order = order;
    this.#matches = matcher(match, look);
    const { nth = [1, Infinity], chance = 1 } = match;
    this.#nth = typeof nth === 'number' ? [nth, nth] : nth;
    this.#chance = chance;
    this.#act = act;
    this.#random = random;
    this.#off = off;
    this.#settle = settle;
  }

  /** Packets that matched so far. */
  get matched(): number {
    return this.#matched;
  }

  /** Packets that it keeps now. */
  get held(): number {
    return this.#act.held ?? 0;
  }

  /** What it keeps goes on, in order; what matches from now on it keeps again. */
  release(): void {
    this.#act.release?.();
    this.#settle();
  }

  /** It acts no more; what it keeps goes on. */
  remove(): void {
    this.#act.release?.();
    this.#off(this);
    this.#settle();
  }

  /** Resolves when so many packets have matched since the rule was made. @throws CW_UNMET when they have not in time */
  async hits(count = 1, withinMs = 2000): Promise<void> {
    this.#settle();
    const deadlineUs = nowUs() + withinMs * 1000;
    while (this.#matched < count) {
      const leftMs = (deadlineUs - nowUs()) / 1000;
      if (leftMs <= 0) {
        const what = `${this.#matched} of ${count} packets came for a rule of the wire (${this.#act.name})`;
        throw new CloseWaitError('CW_UNMET', `${what} within ${withinMs} ms`);
      }
      await this.#next(leftMs);
    }
  }

  /** A packet comes to this rule. @param on lets it go on to the next one */
  pass(passing: Passing, on: On): void {
    if (this.#isFor(passing)) {
      this.#matched += 1;
      this.#act.take(passing, on, (detail) => passing.tell(passing, this.#act.name, detail));
      for (const wake of this.#watchers.splice(0)) wake();
    } else {
      on(passing);
    }
    this.#act.past?.(passing);
  }

  /** What it keeps is lost. */
  forget(): void {
    this.#act.forget?.();
  }

  #isFor(passing: Passing): boolean {
    if (!this.#matches(passing)) return false;
    this.#candidates += 1;
    const [first, last] = this.#nth;
    if (this.#candidates < first || this.#candidates > last) return false;
    return this.#chance === 1 || this.#random.fraction() < this.#chance;
  }

  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const deadline = setTimeout(resolve, ms);
      this.#watchers.push(() => {
        clearTimeout(deadline);
        resolve();
      });
    });
  }
}

interface RuleOptions {
  readonly look: LookAt;
  readonly random: Random;
  readonly off: (rule: Rule) => void;
  /** Looks what has come of packets that were let go. */
  readonly settle: () => void;
}

/** What can be done with the packets that a rule is about. Each makes the rule, which acts from then on. */
export class RuleFor {
  readonly #add: (act: Act) => Rule;
  readonly #random: Random;

  constructor(random: Random, add: (act: Act) => Rule) {
    this.#random = random;
    this.#add = add;
  }

  /** They are lost. */
  drop(): Rule {
    return this.#add(drop());
  }

  /** They wait until {@link Rule.release}. */
  hold(): Rule {
    return this.#add(hold());
  }

  /** They come `ms` later, and up to `jitterMs` more: those overtake each other. Grain: 1 ms. @throws CW_RULE */
  delay(ms: number, jitterMs = 0): Rule {
    return this.#add(delay(atLeast(0, ms, 'delay'), atLeast(0, jitterMs, 'jitter'), this.#random));
  }

  /** They come so many times more. @throws CW_RULE */
  duplicate(copies = 1): Rule {
    return this.#add(duplicate(atLeast(1, copies, 'duplicate')));
  }

  /** Each goes behind the next `places` packets of its direction; those pass, though they match. @throws CW_RULE */
  reorder(places = 1): Rule {
    return this.#add(reorder(atLeast(1, places, 'reorder')));
  }

  /** One bit of each is flipped, and its checksum left as it was. */
  corrupt(): Rule {
    return this.#add(corrupt(this.#random));
  }

  /** They are changed in place, with right checksums. Their length cannot be changed. */
  rewrite(change: (view: PacketView) => void): Rule {
    return this.#add(rewrite(change));
  }

  /** They share a link of so many bytes a second, IP headers included. @throws CW_RULE */
  rate(bytesPerSecond: number): Rule {
    return this.#add(rate(atLeast(1, bytesPerSecond, 'rate')));
  }
}

function atLeast(least: number, value: number, what: string): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new CloseWaitError('CW_RULE', `a rule of the wire cannot ${what} by ${value}: ${least} is the least`);
}
