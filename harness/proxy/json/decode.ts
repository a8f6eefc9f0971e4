import { JsonError, JsonNumber, JsonObject, type Json } from './parse.ts';

/** A field of an object. Case does not count, of several the last does, and null is as good as none. */
export function fieldOf(object: JsonObject, name: string): Json | undefined {
  const found = object.entries.findLast(([key, value]) => value !== null && sameKey(key, name));
  return found?.[1];
}

export function sameKey(key: string, name: string): boolean {
  return key === name || key.toLowerCase() === name;
}

/** @param path names the value in messages @throws JsonError; so do the others */
export function asObject(value: Json, path: string): JsonObject {
  if (value === null) return new JsonObject([]);
  if (value instanceof JsonObject) return value;
  throw mismatch(value, path, 'an object');
}

export function asArray(value: Json, path: string): readonly Json[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value as readonly Json[];
  throw mismatch(value, path, 'an array');
}

export function asString(value: Json, path: string): string {
  if (typeof value === 'string') return value;
  throw mismatch(value, path, 'a string');
}

export function asBoolean(value: Json, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw mismatch(value, path, 'true or false');
}

/** A whole number, written as one: `1.0` and `1e3` are none. */
export function asInteger(value: Json, path: string): number {
  if (!(value instanceof JsonNumber)) throw mismatch(value, path, 'a whole number');
  if (!/^-?\d+$/.test(value.text)) throw new JsonError(`${path}: ${value.text} is not a whole number`);
  const number = Number(value.text);
  if (!Number.isSafeInteger(number)) throw new JsonError(`${path}: ${value.text} is too large a number`);
  // No -0.
  return number + 0;
}

export function asNumber(value: Json, path: string): number {
  if (!(value instanceof JsonNumber)) throw mismatch(value, path, 'a number');
  const number = Number(value.text);
  if (!Number.isFinite(number)) throw new JsonError(`${path}: ${value.text} is too large a number`);
  return number;
}

/** A number of single precision, as the shortest text that stands for it: 0.123456789 is 0.12345679. */
export function asFloat32(value: Json, path: string): number {
  const given = asNumber(value, path);
  const single = Math.fround(given);
  if (!Number.isFinite(single)) throw new JsonError(`${path}: ${given} is too large a number`);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

function mismatch(value: Json, path: string, wanted: string): JsonError {
  return new JsonError(`${path}: it must be ${wanted}, not ${nameOf(value)}`);
}

function nameOf(value: Json): string {
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return `the number ${value.text}`;
  if (value instanceof JsonObject) return 'an object';
  if (typeof value === 'object') return 'an array';
  return typeof value === 'string' ? 'a string' : String(value);
}
