import { CloseWaitError } from '#core';
import type { TargetDefinition } from '#target';
import type { Family } from '#tcp';
import type { ExecOptions, Registry } from './contract.ts';
import { parseEndpoint } from './endpoint.ts';
import { nearestCase, select } from './selectors.ts';
import { nearest, usage } from './usage.ts';

/** What the positional arguments of `run` mean. */
export interface TargetChoice {
  readonly targets: readonly TargetDefinition[];
  readonly selectors: readonly string[];
  /** The one family of a server at an address; null: whatever is asked for. */
  readonly family: Family | null;
  /** The word that named the target; null: none did. */
  readonly word: string | null;
}

/**
 * Tells a target or address from a selector.
 * @throws CW_USAGE, CW_TARGET_NOT_INSTALLED, CW_NOT_LOOPBACK
 */
export function chooseTargets(
  positionals: readonly string[],
  exec: ExecOptions | undefined,
  registry: Registry,
): TargetChoice {
  const [first, ...rest] = positionals;
  const named = registry.targets.find(({ name }) => name === first);
  const endpoint = first === undefined || named !== undefined ? undefined : parseEndpoint(first);
  if (exec !== undefined) {
    if (named !== undefined || endpoint !== undefined) {
      throw usage(
        `--exec brings a server of its own, so '${first}' cannot be the target too`,
        'Leave one of them out.',
      );
    }
    return { targets: [registry.execTarget(exec)], selectors: positionals, family: null, word: null };
  }
  if (endpoint !== undefined) {
    const family = endpoint.address.includes(':') ? 6 : 4;
    return {
      targets: [registry.attachTarget(endpoint)],
      selectors: onlySelectors(rest, registry),
      family,
      word: first!,
    };
  }
  if (named !== undefined) {
    if (named.find() === null) throw notInstalled(named);
    return { targets: [named], selectors: onlySelectors(rest, registry), family: null, word: named.name };
  }
  const ids = registry.cases.map(({ id }) => id);
  if (first !== undefined && !first.includes('/') && select(first, ids).length === 0)
    throw unknown(first, ids, registry);
  const installed = registry.targets.filter((target) => target.find() !== null);
  if (installed.length === 0) {
    throw new CloseWaitError(
      'CW_TARGET_NOT_INSTALLED',
      'none of the targets that closewait knows is installed here',
    );
  }
  return { targets: installed, selectors: onlySelectors(positionals, registry), family: null, word: null };
}

function onlySelectors(words: readonly string[], { targets }: Registry): readonly string[] {
  const second = words.find((word) => targets.some(({ name }) => name === word));
  if (second !== undefined) {
    throw usage(
      `'${second}' is a target, and stands where a selector is expected`,
      'Name one target first, or none for all that are installed.',
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
