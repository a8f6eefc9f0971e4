import { CloseWaitError } from '#core';
import type { TargetDefinition } from '#target';
import type { Family } from '#tcp';
import type { Registry } from './contract.ts';
import { parseEndpoint } from './endpoint.ts';
import { readExec, type ExecValues } from './exec-flags.ts';
import { nearestCase, select } from './selectors.ts';
import { firstTold, readTold } from './told-flags.ts';
import { didYouMean, nearest, usage } from './usage.ts';

/** What the positional arguments of `run` mean. */
export interface TargetChoice {
  readonly targets: readonly TargetDefinition[];
  readonly selectors: readonly string[];
  /** The one family of a server at an address; null: whatever is asked for. */
  readonly family: Family | null;
  /** The word that named the target; null: none did. */
  readonly word: string | null;
  /** Nobody has said which: there are others than these. */
  readonly isDefault: boolean;
}

/** The flags that say what is run against. */
export interface TargetValues extends ExecValues {
  readonly all?: boolean;
  readonly as?: string;
}

/**
 * Tells a target or address from a selector. Without either: the core servers that are installed, or all with `--all`.
 * @throws CW_USAGE, CW_TARGET_NOT_INSTALLED, CW_NOT_LOOPBACK
 */
export function chooseTargets(
  positionals: readonly string[],
  { all, as, ...values }: TargetValues,
  registry: Registry,
): TargetChoice {
  const exec = readExec(values);
  const [first, ...rest] = positionals;
  const named = registry.targets.find(({ name }) => name === first);
  const endpoint = first === undefined || named !== undefined ? undefined : parseEndpoint(first);
  if (as !== undefined && (exec !== undefined || endpoint === undefined))
    throw usage(`--as ${as} says what a server at HOST:PORT is, which is not given`);
  if (exec !== undefined) {
    if (named !== undefined || endpoint !== undefined) {
      throw usage(`--exec brings a server of its own, so '${first}' cannot be the target too`, ONE);
    }
    if (all === true) throw usage('--exec brings one server, and --all is every other', ONE);
    return only(registry.execTarget(exec), positionals);
  }
  if (all === true && (endpoint !== undefined || named !== undefined))
    throw usage(`'${first}' names one server, and --all is every one`, ONE);
  if (endpoint !== undefined) {
    const family = endpoint.address.includes(':') ? 6 : 4;
    const target = registry.attachTarget(endpoint, readTold(values), likeOf(as, values, registry));
    return { ...only(target, onlySelectors(rest, registry)), family, word: first! };
  }
  const told = firstTold(values);
  if (told !== undefined)
    throw usage(
      `--${told} tells of a server of your own: it belongs to --exec or HOST:PORT, which is not given`,
    );
  if (named !== undefined) {
    if (named.find() === null) throw notInstalled(named);
    return { ...only(named, onlySelectors(rest, registry)), word: named.name };
  }
  const ids = registry.cases.map(({ id }) => id);
  if (first !== undefined && !first.includes('/') && select(first, ids).length === 0)
    throw unknown(first, ids, registry);
  const selected = onlySelectors(positionals, registry);
  const core = registry.targets.filter(({ name }) => all === true || registry.core.includes(name));
  // To look for a program takes a while: the others are looked for only where they are wanted.
  const found = installedOf(core);
  const targets = found.length > 0 ? found : installedOf(registry.targets);
  if (targets.length === 0) {
    throw new CloseWaitError(
      'CW_TARGET_NOT_INSTALLED',
      'none of the targets that closewait knows is installed here',
    );
  }
  return { targets, selectors: selected, family: null, word: null, isDefault: all !== true };
}

/** @throws CW_USAGE for a target that does not exist, and with flags that say otherwise what the server speaks */
function likeOf(
  as: string | undefined,
  { speak, path }: ExecValues,
  { targets }: Registry,
): TargetDefinition | undefined {
  if (as === undefined) return undefined;
  const like = targets.find(({ name }) => name === as);
  const names = targets.map(({ name }) => name);
  if (like === undefined)
    throw usage(
      `--as ${as}: there is no such target${didYouMean(nearest(as, names)) || `; there are ${names.join(', ')}`}`,
    );
  const other = speak !== undefined ? '--speak' : path !== undefined ? '--path' : undefined;
  if (other !== undefined) throw usage(`--as ${as} says what the server speaks, and so does ${other}`, ONE);
  return like;
}

function installedOf(targets: readonly TargetDefinition[]): readonly TargetDefinition[] {
  return targets.filter((target) => target.find() !== null);
}

const ONE = 'Leave one of them out.';

function only(target: TargetDefinition, selectors: readonly string[]): TargetChoice {
  return { targets: [target], selectors, family: null, word: null, isDefault: false };
}

function onlySelectors(words: readonly string[], { targets }: Registry): readonly string[] {
  const second = words.find((word) => targets.some(({ name }) => name === word));
  if (second !== undefined) {
    throw usage(
      `'${second}' is a target, and stands where a selector is expected`,
      'Name one target first, or none; --all is every one that is installed.',
    );
  }
  return words;
}

function notInstalled({ name, install }: TargetDefinition): CloseWaitError {
  const options = install === '' ? {} : { remedy: install };
  return new CloseWaitError('CW_TARGET_NOT_INSTALLED', `the target '${name}' is not installed here`, options);
}

function unknown(word: string, ids: readonly string[], { targets }: Registry): CloseWaitError {
  const names = targets.map(({ name }) => name);
  const target = nearest(word, names);
  const suggestions = [target === undefined ? undefined : `the target '${target}'`, nearestCase(word, ids)];
  const told = suggestions.filter((text) => text !== undefined);
  const areas = [...new Set(ids.map((id) => id.slice(0, id.indexOf('/'))))];
  const end =
    told.length > 0
      ? `did you mean ${told.join(' or ')}?`
      : `targets are ${names.join(', ')}; cases are in ${areas.join(', ')}`;
  return usage(`'${word}' is no target, no HOST:PORT and no case; ${end}`);
}
