import type { Random } from '#core';
import type { Stream, Toxic } from './contract.ts';
import type { ToxicType } from './toxics/index.ts';

/** A toxic of a proxy, with what connections need to know to decide whether it acts on them. */
export interface ActingToxic {
  /** As it is now. */
  toxic: Toxic;
  readonly type: ToxicType;
  /** How many connections the proxy had had when it was added. */
  readonly addedAt: number;
  /** How often its toxicity has been drawn again: never, but for Toxiproxy's quirk. */
  draws: number;
}

/** Those that act on one connection, in both directions. The same toxic always decides the same for the same connection. */
export function actingOn(
  connection: { readonly id: number; readonly random: () => Random },
  toxics: readonly ActingToxic[],
): ActingToxic[] {
  const drawn = toxics.filter(({ toxic, draws }) => {
    if (toxic.toxicity >= 1) return true;
    return connection.random().fork(`toxicity ${toxic.name} ${draws}`).fraction() < toxic.toxicity;
  });
  const spared = drawn.some(({ toxic, type, addedAt }) => {
    const limit = type.connections?.(toxic.attributes) ?? Infinity;
    return limit !== Infinity && (connection.id <= addedAt || connection.id > addedAt + limit);
  });
  return spared ? [] : drawn;
}

/** Those that act on the bytes of one direction. */
export function onStream(toxics: readonly ActingToxic[], stream: Stream): ActingToxic[] {
  return toxics.filter(({ toxic, type }) => toxic.stream === stream && type.start !== undefined);
}
