import type { ToxicChange } from './contract.ts';
import {
  asInteger,
  asNumber,
  asObject,
  asString,
  fieldOf,
  sameKey,
  type Json,
  type JsonObject,
} from './json/index.ts';
import { checkRange, checkToxicity } from './limits.ts';
import { inBody, readToxicity, type Manner } from './reading.ts';
import { bad, Refusal } from './refusal.ts';
import { TOXIC_TYPES, type Attribute } from './toxics/index.ts';

/** What a request says of attributes: those that can be read, and why one cannot. */
export interface AttributesRead {
  readonly values: Readonly<Record<string, number | string>>;
  readonly refusal: Refusal | null;
}

/** What the original stores and then dies of. */
const DEADLY: Readonly<Record<string, readonly string[]>> = {
  bandwidth: ['rate'],
  slicer: ['average_size', 'size_variation'],
};

/** The attributes of a new toxic: what is not given has its default. */
export function readAttributes(object: JsonObject, type: string, manner: Manner): AttributesRead {
  const { attributes } = TOXIC_TYPES[type]!;
  const defaults = Object.entries(attributes).map(([name, attribute]) => [name, attribute.default] as const);
  const { values, refusal } = readGiven(object, type, manner);
  return { values: { ...Object.fromEntries(defaults), ...values }, refusal };
}

/** A change of a toxic. In strict manner a refusal comes with what is changed all the same. @throws Refusal */
export function readToxicChange(
  json: Json,
  type: string,
  manner: Manner,
): { readonly change: ToxicChange; readonly refusal: Refusal | null } {
  const object = inBody(() => asObject(json, 'the toxic'));
  const toxicity = readToxicity(object);
  const given = inBody(() => asObject(fieldOf(object, 'attributes') ?? null, 'attributes'));
  if (!manner.strict && toxicity !== undefined) checkToxicity(toxicity);
  const { values, refusal } = readGiven(given, type, manner);
  if (refusal !== null && !manner.strict) throw refusal;
  const changesToxicity = toxicity !== undefined && refusal === null;
  return { change: { attributes: values, ...(changesToxicity ? { toxicity } : {}) }, refusal };
}

function readGiven(object: JsonObject, type: string, { strict }: Manner): AttributesRead {
  const { attributes } = TOXIC_TYPES[type]!;
  const names = Object.keys(attributes);
  const values: Record<string, number | string> = {};
  let refusal: Refusal | null = null;
  const unknown = object.entries.find(([key]) => !names.some((name) => sameKey(key, name)));
  if (!strict && unknown !== undefined) {
    const known = names.length === 0 ? 'none' : names.join(', ');
    refusal = bad('attributes', `${type} has no ${JSON.stringify(unknown[0])}; it has ${known}`);
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = fieldOf(object, name);
    if (value === undefined) continue;
    try {
      const read = inBody(() => readAttribute(value, attribute, `attributes.${name}`));
      const ranged = !strict || DEADLY[type]?.includes(name) === true;
      if (ranged && typeof read === 'number') checkRange(`attributes.${name}`, read, attribute);
      values[name] = read;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
    }
  }
  return { values, refusal };
}

function readAttribute(value: Json, attribute: Attribute, path: string): number | string {
  if (attribute.kind === 'integer') return asInteger(value, path);
  if (attribute.kind !== 'string') return asNumber(value, path);
  const word = asString(value, path);
  if (attribute.choices.includes(word)) return word;
  throw bad(path, `${JSON.stringify(word)} is not one of ${attribute.choices.join(', ')}`);
}
