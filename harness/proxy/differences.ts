import { COMMAND_DIFFERENCES } from './differences/command.ts';
import { API_DIFFERENCES } from './differences/api.ts';
import { STREAM_DIFFERENCES } from './differences/stream.ts';
import type { Difference as Entry } from './differences/contract.ts';

/** Where we do other than Toxiproxy 2.12.0: `docs/proxy.md` is this table, and the contract tests go by it. */
export const DIFFERENCES = {
  ...COMMAND_DIFFERENCES,
  ...API_DIFFERENCES,
  ...STREAM_DIFFERENCES,
} as const satisfies Record<string, Entry>;

export type Difference = Entry;
export type DifferenceId = keyof typeof DIFFERENCES;
