import { API_DIFFERENCES } from './differences/api.ts';
import { COMMAND_DIFFERENCES } from './differences/command.ts';
import type { Difference as Entry } from './differences/contract.ts';
import { STREAM_DIFFERENCES } from './differences/stream.ts';

/** {@link DIFFERENCES} by what they are about. */
export const DIFFERENCES_BY_PART = {
  command: COMMAND_DIFFERENCES,
  api: API_DIFFERENCES,
  stream: STREAM_DIFFERENCES,
} as const satisfies Record<string, Readonly<Record<string, Entry>>>;

/** Where we do other than Toxiproxy 2.12.0: `docs/proxy.md` is this table, and the contract tests go by it. */
export const DIFFERENCES = {
  ...COMMAND_DIFFERENCES,
  ...API_DIFFERENCES,
  ...STREAM_DIFFERENCES,
} as const satisfies Record<string, Entry>;

export type Difference = Entry;
export type DifferenceId = keyof typeof DIFFERENCES;
