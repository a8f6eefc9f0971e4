import { CloseWaitError } from '#core';
import type { Traits } from '#target';
import type { CaseInfo } from './contract.ts';
import type { LoopbackCase } from './loopback-case.ts';
import type { WireCase } from './wire-case.ts';

/** What a file under `suites/` says of its case. */
export interface CaseDefinition extends Omit<CaseInfo, 'id' | 'planes' | 'tags' | 'slow'> {
  readonly tags?: readonly string[];
  readonly slow?: boolean;
  /** Traits without which it cannot be run. */
  readonly needs?: readonly (keyof Traits)[];
  /** The behaviour is the application's, the same on both families: it is run on the first of those that are asked for. */
  readonly eitherFamily?: boolean;
  /** How it is done with packets in our hands. */
  readonly wire?: (t: WireCase) => Promise<void>;
  /** How it is done with kernel sockets on loopback alone; left out: it cannot be. */
  readonly loopback?: (t: LoopbackCase) => Promise<void>;
  /** Why it cannot be done on loopback; one sentence for the `skipped` verdict. */
  readonly loopbackLacks?: string;
}

/** A case as suites export it and the runner takes it. */
export interface Case extends CaseInfo {
  readonly definition: CaseDefinition;
}

const listeners: ((defined: Case) => void)[] = [];

/** Calls back for each case that is defined from now on: how mocha learns of the files that it loads. */
export function onCaseDefined(listener: (defined: Case) => void): void {
  listeners.push(listener);
}

/**
 * Makes a case, and lets mocha know. Its id is the file's path under `suites/`.
 * @param moduleUrl `import.meta.url` of the file
 * @throws CW_CASE_FILE when the file does not lie in a `suites` folder, or the case says nothing to do
 */
export function defineCase(moduleUrl: string, definition: CaseDefinition): Case {
  const defined = makeCase(moduleUrl, definition);
  for (const listener of listeners) listener(defined);
  return defined;
}

/** {@link defineCase} without telling anybody. */
export function makeCase(moduleUrl: string, definition: CaseDefinition): Case {
  const id = /\/suites\/(.+)\.case\.[jt]s$/.exec(moduleUrl)?.[1];
  if (id === undefined) {
    throw new CloseWaitError('CW_CASE_FILE', `${moduleUrl} is not of the form suites/<area>/<name>.case.ts`);
  }
  const {
    title,
    level,
    refs,
    tags = [],
    steps,
    expected,
    why,
    slow = false,
    lasts,
    wire,
    loopback,
  } = definition;
  if (wire === undefined && loopback === undefined) {
    throw new CloseWaitError('CW_CASE_FILE', `the case ${id} has neither a wire nor a loopback way to run`);
  }
  const planes = [
    ...(wire === undefined ? [] : ['wire' as const]),
    ...(loopback === undefined ? [] : ['loopback' as const]),
  ];
  const known = { id, title, level, refs, tags, steps, expected, why, slow, planes, definition };
  return lasts === undefined ? known : { ...known, lasts };
}
