import { messageOf } from '#core';
import { DECLARABLE, readDeclared, SPEECH, traitsFrom, type DeclaredValue, type Traits } from '#target';
import type { ExecOptions } from './contract.ts';
import { parseReady } from './exec-flags.ts';
import { readCaseTimeout } from './run-flags.ts';
import { readTold } from './told-flags.ts';
import { didYouMean, nearest } from './usage.ts';

/** A configuration, checked. `cwd` is as it was given. */
export interface Config {
  readonly targets: Readonly<Record<string, ExecOptions>>;
  readonly caseTimeoutMs?: number;
}

/** Its message names the key. */
export class ConfigError extends Error {}

type Table = Readonly<Record<string, unknown>>;

const KEYS = ['targets', 'caseTimeout'];
const TARGET_KEYS = ['exec', 'ready', 'cwd', 'env', 'speak', 'paths', 'traits'];
/** By their place in the table of traits, such as `policy.halfClose`. */
const TRAITS = new Map(Object.entries(DECLARABLE).map(([name, { path }]) => [path.join('.'), name]));
const GROUPS = ['policy', 'timeouts'];
const OTHER_TRAITS = ['closesOnFin', 'defersAccept'];

/** Reads what the file of a configuration gives: the flags of `run` for servers of the user's own. @throws ConfigError */
export function readConfig(content: unknown): Config {
  const config = tableAt('', content, KEYS);
  const targets = Object.entries(tableAt('targets', config['targets'] ?? {})).map(
    ([name, target]): [string, ExecOptions] => {
      if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
        throw new ConfigError(`targets.${name}: a name has letters, digits, '.', '_' and '-' alone`);
      return [name, readTarget(`targets.${name}`, target)];
    },
  );
  const { caseTimeout } = config;
  const caseTimeoutMs = named('caseTimeout', () =>
    readCaseTimeout(caseTimeout === undefined ? undefined : textOf(caseTimeout)),
  );
  return {
    targets: Object.fromEntries(targets),
    ...(caseTimeoutMs === undefined ? {} : { caseTimeoutMs }),
  };
}

function readTarget(key: string, content: unknown): ExecOptions {
  const target = tableAt(key, content, TARGET_KEYS);
  const { exec, ready, cwd, env = {}, speak, paths = {}, traits = {} } = target;
  if (typeof exec !== 'string' || exec.trim() === '')
    throw new ConfigError(`${key}.exec: it is the command: "node server.js --port {port}"`);
  for (const [name, value] of Object.entries({ ready, cwd, speak }))
    if (value !== undefined && typeof value !== 'string')
      throw new ConfigError(`${key}.${name}: it is a text`);
  const variables = Object.entries(tableAt(`${key}.env`, env)).map(([name, value]) => [name, textOf(value)]);
  const path = Object.entries(tableAt(`${key}.paths`, paths)).map(
    ([name, value]) => `${name}=${textOf(value)}`,
  );
  const declared = readTraits(`${key}.traits`, tableAt(`${key}.traits`, traits));
  const { traits: _, ...told } = named(key, () =>
    readTold({
      ...(speak === undefined ? {} : { speak: speak as string }),
      ...(path.length === 0 ? {} : { path }),
    }),
  );
  if (speak !== undefined && told.speaks === undefined)
    throw new ConfigError(`${key}.speak: it is one of ${SPEECH.join(', ')}`);
  return {
    command: exec,
    ...(ready === undefined ? {} : { ready: named(`${key}.ready`, () => parseReady(ready as string)) }),
    ...(cwd === undefined ? {} : { cwd: cwd as string }),
    env: Object.fromEntries(variables) as Record<string, string>,
    ...told,
    ...(Object.keys(declared).length === 0 ? {} : { traits: declared }),
  };
}

/** As `closewait probe` prints them. */
function readTraits(key: string, content: Table): Traits {
  const values = new Map<string, DeclaredValue>();
  const others: Record<string, unknown> = {};
  const read = (place: string, value: unknown): void => {
    const name = TRAITS.get(place);
    if (name === undefined) {
      const near = nearest(place, [...TRAITS.keys(), ...OTHER_TRAITS]);
      throw new ConfigError(`${key}.${place}: there is no such trait${didYouMean(near)}`);
    }
    const allowed = DECLARABLE[name]!.values;
    const known = readDeclared(allowed, textOf(value));
    if (known === null) {
      const what = typeof allowed === 'string' ? allowed : `one of ${allowed.join(', ')}`;
      throw new ConfigError(`${key}.${place}: it is ${what}, not ${JSON.stringify(value)}`);
    }
    values.set(name, known);
  };
  for (const [first, value] of Object.entries(content)) {
    if (GROUPS.includes(first))
      for (const [name, inner] of Object.entries(tableAt(`${key}.${first}`, value)))
        read(`${first}.${name}`, inner);
    else if (first === 'closesOnFin' && typeof value === 'boolean') others[first] = value;
    else if (first === 'defersAccept' && tableAt(`${key}.${first}`, value)['port'] === 'main')
      others[first] = value;
    else read(first, value);
  }
  return { ...traitsFrom(values), ...others };
}

/** @param known its keys; undefined: any */
function tableAt(key: string, content: unknown, known?: readonly string[]): Table {
  const at = key === '' ? '' : `${key}: `;
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new ConfigError(`${at}it is an object, not ${JSON.stringify(content) ?? 'undefined'}`);
  const other = Object.keys(content).find((name) => known?.includes(name) === false);
  if (other !== undefined)
    throw new ConfigError(
      `${key === '' ? '' : `${key}.`}${other}: there is no such key${didYouMean(nearest(other, known!)) || `; there are ${known!.join(', ')}`}`,
    );
  return content as Table;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function named<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(`${key}: ${messageOf(error)}`, { cause: error });
  }
}
