/** PostgreSQL's protocol, version 3.0: messages as they go over the wire, in latin1. */

/** The superuser that initdb makes. */
export const USER = 'closewait';

/** What every connection begins with. */
export function startup(settings: Readonly<Record<string, string>> = {}): string {
  const words = Object.entries({ user: USER, database: 'postgres', ...settings }).flat();
  return sized(`\0\x03\0\0${words.map((word) => `${word}\0`).join('')}\0`);
}

/** Statements to be executed at once, in one transaction. */
export function query(sql: string): string {
  return `Q${sized(`${sql}\0`)}`;
}

export const terminate = `X${sized('')}`;

/** How an answer ends: ready for the next query, in no transaction. */
export const READY = `Z${sized('I')}`;

/** How the answer to a query of one row ends, and that to a transaction that was given up. */
export const ONE_ROW = `C${sized('SELECT 1\0')}${READY}`;
export const ROLLED_BACK = `C${sized('ROLLBACK\0')}${READY}`;

/** The number that is the only value of an answer. NaN: it has none */
export function numberIn(received: string): number {
  return Number(/(\d+)C\0{3}.SELECT 1\0Z/s.exec(received)?.[1]);
}

/** A length, which counts itself, and what has it. */
function sized(body: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + body.length);
  return `${length.toString('latin1')}${body}`;
}
