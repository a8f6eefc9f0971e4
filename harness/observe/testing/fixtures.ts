import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/', import.meta.url);

/** The names of the recorded outputs that start so. */
export function fixtureNames(prefix: string): string[] {
  return readdirSync(FOLDER).filter((name) => name.startsWith(prefix));
}

/** A recorded output without the `#` lines that say where it is from. */
export function readFixture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8').replace(/^(#.*\n)+/, '');
}
