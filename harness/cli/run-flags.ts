import { randomInt } from 'node:crypto';
import { CloseWaitError } from '#core';
import type { Family } from '#tcp';
import { PLANES, type Plane } from '#trace';
import type { Flags } from './arguments.ts';
import { loopbackAddress } from './endpoint.ts';
import { CONFIG_FLAG } from './config-flag.ts';
import { EXEC_FLAGS } from './exec-flags.ts';
import { didYouMean, nearest, usage } from './usage.ts';

/** The flags of `closewait run`. */
export const RUN_FLAGS = {
  ...EXEC_FLAGS,
  as: {
    type: 'string',
    value: 'TARGET',
    help: 'of HOST:PORT: the server that it is (closewait targets), to be asked the same things',
  },
  config: CONFIG_FLAG,
  require: {
    type: 'string',
    choices: ['must', 'should', 'all'],
    help: 'cases of these levels (default: all)',
  },
  tag: { type: 'string', multiple: true, value: 'TAG', help: 'cases with this tag; repeatable' },
  exclude: { type: 'string', multiple: true, value: 'SELECTOR', help: 'not these cases; repeatable' },
  all: { type: 'boolean', help: 'every server that is installed here, not only the core ones' },
  slow: { type: 'boolean', help: 'also cases that wait for a long protocol timer' },
  'skip-slow': { type: 'boolean', help: 'the opposite, and the default' },
  scale: {
    type: 'string',
    value: 'N',
    help: 'how many connections the cases of pressure/* make, 1 to 100000 (default: a few hundred)',
  },
  'case-timeout': {
    type: 'string',
    value: 'S',
    help: 'the longest that a case waits for the server, seconds (default: 5)',
  },
  proxy: {
    type: 'string',
    value: 'URL',
    help: 'the Toxiproxy on loopback that cases of proxy/* use (default: embedded ones)',
  },
  known: {
    type: 'string',
    value: 'FILE',
    help: 'failures that are known, as JSON: they do not fail the run, and one that passes does',
  },
  family: { type: 'string', choices: ['4', '6', 'both'], help: 'IPv4, IPv6 or both (default: both)' },
  plane: {
    type: 'string',
    choices: ['wire', 'loopback'],
    help: 'default: the wire where this machine allows it',
  },
  repeat: { type: 'string', value: 'N', help: 'run every case N times' },
  seed: { type: 'string', value: 'S', help: 'the same seed gives the same run (default: a random one)' },
  reporter: {
    type: 'string',
    value: 'list,json',
    help: 'how to report (default: list); json goes to stdout',
  },
  json: {
    type: 'string',
    value: 'FILE',
    help: "also write the result as JSON; '-' is stdout, the list goes to stderr",
  },
  'require-privileged': { type: 'boolean', help: 'exit 4 when a case was skipped for want of a privilege' },
  'no-color': { type: 'boolean', help: 'no colours (also: the variable NO_COLOR)' },
} as const satisfies Flags;

const REPORTERS = ['list', 'json'] as const;

/** Where the report goes. `json`: a file, `-` for stdout, or none. */
export interface Reporting {
  readonly list: boolean;
  readonly json: string | undefined;
}

/** @throws CW_USAGE for a reporter that does not exist */
export function readReporting(reporter: string | undefined, json: string | undefined): Reporting {
  const names = reporter?.split(',') ?? ['list'];
  for (const name of names) {
    if (!REPORTERS.some((known) => known === name)) {
      throw usage(
        `--reporter ${name}: there are ${REPORTERS.join(', ')}${didYouMean(nearest(name, REPORTERS))}`,
      );
    }
  }
  return { list: names.includes('list'), json: json ?? (names.includes('json') ? '-' : undefined) };
}

/** The plane that was asked for; the flag's choices were checked before. */
export function readPlane(text: string | undefined): Plane | 'auto' {
  return PLANES.find((plane) => plane === text) ?? 'auto';
}

/** The least level to run; the flag's choices were checked before. */
export function readRequire(text: string | undefined): 'must' | 'should' | 'all' {
  return text === 'must' || text === 'should' ? text : 'all';
}

/** A seed of 32 bits; without the flag a random one. @throws CW_USAGE */
export function readSeed(text: string | undefined): number {
  return text === undefined ? randomInt(2 ** 32) : wholeNumber('--seed', text, 0, 2 ** 32 - 1);
}

/** @throws CW_USAGE */
export function readRepeat(text: string | undefined): number {
  return text === undefined ? 1 : wholeNumber('--repeat', text, 1, 1_000_000);
}

/** How many connections, where it was asked for. @throws CW_USAGE */
export function readScale(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber('--scale', text, 1, 100_000);
}

/** Seconds as milliseconds. @throws CW_USAGE */
export function readCaseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < 0.5 || seconds > 600)
    throw usage(`--case-timeout ${text}: it is a number of seconds from 0.5 to 600`);
  return seconds * 1000;
}

/** A Toxiproxy of this machine, which alone reaches servers on its loopback. @throws CW_USAGE, CW_NOT_LOOPBACK */
export function readProxy(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' || url.pathname !== '/' || url.search !== '')
    throw usage(`--proxy ${text}: it is a URL such as http://127.0.0.1:8474`);
  if (loopbackAddress(url.hostname) === undefined)
    throw new CloseWaitError(
      'CW_NOT_LOOPBACK',
      `--proxy ${text}: it is not at an address of this machine's loopback`,
    );
  return url.origin;
}

/** Whether slow cases are run. @throws CW_USAGE where both flags are given */
export function readSlow(slow: boolean | undefined, skipSlow: boolean | undefined): boolean {
  if (slow === true && skipSlow === true)
    throw usage('--slow and --skip-slow exclude each other', 'Leave one of them out.');
  return slow === true;
}

/** `only`: the one family of a server at an address. @throws CW_USAGE where the two exclude each other */
export function readFamilies(text: string | undefined, only: Family | null): readonly Family[] {
  const asked: readonly Family[] = text === '4' ? [4] : text === '6' ? [6] : [4, 6];
  if (only === null) return asked;
  if (!asked.includes(only)) throw usage(`--family ${text}: the address that is named is IPv${only}`);
  return [only];
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw usage(`${flag} ${text}: it is a whole number from ${least} to ${most}`);
  }
  return value;
}
