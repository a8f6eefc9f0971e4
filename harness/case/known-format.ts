import type { KnownFailure } from './contract.ts';

/** What may stand for a key of an entry, and in words. */
interface Key {
  readonly holds: (value: unknown) => boolean;
  readonly what: string;
  readonly optional?: true;
}

const TEXT: Key = { holds: (value) => typeof value === 'string' && value.trim() !== '', what: 'a text' };

const KEYS: Readonly<Record<keyof KnownFailure, Key>> = {
  target: TEXT,
  case: TEXT,
  family: { holds: (value) => value === 4 || value === 6, what: '4 or 6', optional: true },
  reason: TEXT,
  reference: TEXT,
  message: TEXT,
  sometimes: { holds: (value) => typeof value === 'boolean', what: 'true or false', optional: true },
  expires: { holds: isDate, what: 'a date like 2030-01-31', optional: true },
};

/**
 * The entries of a known-failures file.
 * @param json what JSON.parse made of it: `{"known": [...]}`
 * @throws Error that names the entry and the key
 */
export function parseKnown(json: unknown): readonly KnownFailure[] {
  if (!isRecord(json)) throw new Error('it is not an object');
  const other = Object.keys(json).find((key) => key !== 'known');
  if (other !== undefined) throw new Error(`${other}: there is no such key; its only one is known`);
  const { known } = json;
  if (!Array.isArray(known)) throw new Error('known: it is not a list');
  return known.map((entry, at) => parseEntry(entry, `known[${at}]`));
}

function parseEntry(entry: unknown, place: string): KnownFailure {
  if (!isRecord(entry)) throw new Error(`${place}: it is not an object`);
  for (const key of Object.keys(entry)) {
    if (!Object.hasOwn(KEYS, key))
      throw new Error(`${place}.${key}: there is no such key; there are ${Object.keys(KEYS).join(', ')}`);
  }
  for (const [key, { holds, what, optional }] of Object.entries(KEYS)) {
    const value = entry[key];
    if (value === undefined && optional === true) continue;
    if (value === undefined) throw new Error(`${place}.${key}: it is missing`);
    if (!holds(value)) throw new Error(`${place}.${key}: ${JSON.stringify(value)} is not ${what}`);
  }
  return entry as unknown as KnownFailure;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  // The 31st of February is made the 3rd of March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
