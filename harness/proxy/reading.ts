import { asFloat32, asString, fieldOf, JsonError, type JsonObject } from './json/index.ts';
import { badBody } from './refusal.ts';

/** How requests are read: as the original does, or better (docs/proxy.md). */
export interface Manner {
  readonly strict: boolean;
}

/** Says of a JSON error that it is the body's. @throws Refusal 400 */
export function inBody<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonError) throw badBody(error.message);
    throw error;
  }
}

/** @throws Refusal 400 */
export function stringOf(object: JsonObject, name: string): string | undefined {
  const value = fieldOf(object, name);
  return value === undefined ? undefined : inBody(() => asString(value, name));
}

/** @throws Refusal 400 */
export function readToxicity(object: JsonObject): number | undefined {
  const value = fieldOf(object, 'toxicity');
  return value === undefined ? undefined : inBody(() => asFloat32(value, 'toxicity'));
}
