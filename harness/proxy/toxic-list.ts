import { CloseWaitError } from '#core';
import type { ActingToxic } from './acting-toxic.ts';
import type { Stream, Toxic, ToxicChange } from './contract.ts';
import { TOXIC_TYPES } from './toxics/index.ts';

/** The toxics of a proxy, in the order in which they were added. */
export class ToxicList {
  readonly #proxy: string;
  readonly #redraws: boolean;
  /** A new array for each change. */
  acting: readonly ActingToxic[] = [];

  /** @param redraws with Toxiproxy's quirk: toxicity is drawn again when the toxic, or the one behind it, changes */
  constructor(proxy: string, redraws: boolean) {
    this.#proxy = proxy;
    this.#redraws = redraws;
  }

  /** As the API shows them. */
  get shown(): Toxic[] {
    const of = (stream: Stream): Toxic[] =>
      this.acting.map(({ toxic }) => toxic).filter((toxic) => toxic.stream === stream);
    return [...of('upstream'), ...of('downstream')];
  }

  /** @param addedAt how many connections the proxy has had @throws CW_PROXY_EXISTS, CW_PROXY_TOXIC */
  add(toxic: Toxic, addedAt: number): void {
    if (this.acting.some((one) => one.toxic.name === toxic.name))
      throw new CloseWaitError('CW_PROXY_EXISTS', `proxy ${this.#proxy} has a toxic ${toxic.name} already`);
    const type = TOXIC_TYPES[toxic.type];
    if (type === undefined)
      throw new CloseWaitError(
        'CW_PROXY_TOXIC',
        `${toxic.type} is no type of toxic; there are ${Object.keys(TOXIC_TYPES).join(', ')}`,
      );
    this.#redrawBefore(this.acting.length, toxic.stream);
    this.acting = [...this.acting, { toxic, type, addedAt, draws: 0 }];
  }

  /** @throws CW_PROXY_UNKNOWN */
  update(name: string, { toxicity, attributes }: ToxicChange): Toxic {
    const acting = this.acting[this.#indexOf(name)]!;
    const { toxic } = acting;
    acting.toxic = {
      ...toxic,
      toxicity: toxicity ?? toxic.toxicity,
      attributes: { ...toxic.attributes, ...attributes },
    };
    if (this.#redraws) acting.draws += 1;
    return acting.toxic;
  }

  /** @throws CW_PROXY_UNKNOWN */
  remove(name: string): Toxic {
    const at = this.#indexOf(name);
    const { toxic } = this.acting[at]!;
    this.#redrawBefore(at, toxic.stream);
    this.acting = this.acting.filter((_, other) => other !== at);
    return toxic;
  }

  #indexOf(name: string): number {
    const at = this.acting.findIndex(({ toxic }) => toxic.name === name);
    if (at === -1) throw new CloseWaitError('CW_PROXY_UNKNOWN', `proxy ${this.#proxy} has no toxic ${name}`);
    return at;
  }

  /** The toxic of the direction in front of this place is started anew by Toxiproxy. */
  #redrawBefore(at: number, stream: Stream): void {
    if (!this.#redraws) return;
    const before = this.acting.slice(0, at).findLast(({ toxic }) => toxic.stream === stream);
    if (before !== undefined) before.draws += 1;
  }
}
