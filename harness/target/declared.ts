import type { Policy, Traits } from './contract.ts';

/** What may stand behind `NAME=`. */
export type DeclaredValues = readonly string[] | 'milliseconds' | 'milliseconds or never' | 'a whole number';

interface Declarable {
  readonly values: DeclaredValues;
  /** Where it stands in {@link Traits}. */
  readonly path: readonly [string] | readonly [group: 'policy' | 'timeouts', key: string];
}

const HALF_CLOSE = ['respond', 'close', 'reset', 'error'] as const;
const LONGEST_MS = 3_600_000;
const MOST = 1_000_000;

function policy(key: keyof Policy, values: DeclaredValues): Declarable {
  return { values, path: ['policy', key] };
}

function timeout(key: keyof NonNullable<Traits['timeouts']>): Declarable {
  return { values: 'milliseconds', path: ['timeouts', key] };
}

/** Traits that are one word or number, by the names that `--trait NAME=VALUE` takes. */
export const DECLARABLE: Readonly<Record<string, Declarable>> = {
  halfClose: policy('halfClose', HALF_CLOSE),
  halfCloseSlow: policy('halfCloseSlow', HALF_CLOSE),
  halfCloseRelay: policy('halfCloseRelay', HALF_CLOSE),
  idleFinMs: policy('idleFinMs', 'milliseconds'),
  finWait2Ms: policy('finWait2Ms', 'milliseconds'),
  drain: policy('drain', ['drain', 'reset']),
  unreadData: policy('unreadData', ['linger', 'reset']),
  slowReader: policy('slowReader', ['evict', 'keep']),
  deadPeerIdleMs: policy('deadPeerIdleMs', 'milliseconds or never'),
  deadPeerWritingMs: policy('deadPeerWritingMs', 'milliseconds or never'),
  idleMs: timeout('idle'),
  headMs: timeout('head'),
  bodyMs: timeout('body'),
  writeMs: timeout('write'),
  backlog: { values: 'a whole number', path: ['backlog'] },
};

export type DeclaredValue = string | number;

/** The value of a trait as it is typed; null: it is none. */
export function readDeclared(values: DeclaredValues, text: string): DeclaredValue | null {
  if (typeof values !== 'string') return values.includes(text) ? text : null;
  if (values === 'milliseconds or never' && text === 'never') return text;
  const value = Number(text);
  const most = values === 'a whole number' ? MOST : LONGEST_MS;
  return /^\d+$/.test(text) && value <= most ? value : null;
}

/** Traits of names in {@link DECLARABLE} and values that they take. */
export function traitsFrom(declared: ReadonlyMap<string, DeclaredValue>): Traits {
  const traits: Record<string, unknown> = {};
  for (const [name, value] of declared) {
    const [first, key] = DECLARABLE[name]!.path;
    traits[first] = key === undefined ? value : { ...(traits[first] as object), [key]: value };
  }
  return traits;
}

/** The traits of {@link DECLARABLE} that are declared, by name. */
export function declaredIn(traits: Traits): Map<string, DeclaredValue> {
  const found = Object.entries(DECLARABLE).flatMap(
    ([
      name,
      {
        path: [first, key],
      },
    ]) => {
      const outer = (traits as Readonly<Record<string, unknown>>)[first];
      const value =
        key === undefined ? outer : (outer as Readonly<Record<string, unknown>> | undefined)?.[key];
      return value === undefined ? [] : [[name, value as DeclaredValue] as const];
    },
  );
  return new Map(found);
}

/** What was found out, and over it what is declared. */
export function mergeTraits(found: Traits, declared: Traits): Traits {
  const merged = { ...found, ...declared };
  const timeouts = { ...found.timeouts, ...declared.timeouts };
  const both = { ...found.policy, ...declared.policy };
  return {
    ...merged,
    ...(Object.keys(timeouts).length === 0 ? {} : { timeouts }),
    ...(Object.keys(both).length === 0 ? {} : { policy: both }),
  };
}
