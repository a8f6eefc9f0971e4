import type { Random } from '#core';
import type { LookAt, Match } from './match.ts';
import type { Passing } from './passing.ts';
import { Rule, RuleFor } from './rule.ts';

/** The rules on a wire, in the order in which they were made: what one lets go on comes to the next. */
export class Rules {
  #rules: Rule[] = [];
  #made = 0;
  readonly #look: LookAt;
  readonly #settle: () => void;

  /** @param settle looks what has come of packets that were let go outside the usual turn */
  constructor(look: LookAt, settle: () => void) {
    this.#look = look;
    this.#settle = settle;
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** @param random what the rule draws from is a fork of it: the same for the same rule of each run */
  for(match: Match, random: Random): RuleFor {
    const order = this.#made++;
    const drawn = random.fork(`rule ${order}`);
    return new RuleFor(drawn, (act) => {
      const rule = new Rule(order, match, act, {
        look: this.#look,
        random: drawn,
        off: (gone) => void (this.#rules = this.#rules.filter((other) => other !== gone)),
        settle: this.#settle,
      });
      this.#rules.push(rule);
      return rule;
    });
  }

  /** Takes a packet through the rules behind one, or through all, and what is left of it to its end. */
  pass(passing: Passing, behind = -1): void {
    const rule = this.#rules.find(({ order }) => order > behind);
    if (rule === undefined) passing.arrive(passing);
    else rule.pass(passing, (on) => this.pass(on, rule.order));
  }

  /** Removes all; what they keep is lost. */
  clear(): void {
    for (const rule of this.#rules) rule.forget();
    this.#rules = [];
    this.#made = 0;
  }
}
