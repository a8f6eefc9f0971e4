import picomatch from 'picomatch';
import { didYouMean, nearest, usage } from './usage.ts';

/**
 * The ids that a selector means, in their order: the case of that very id; or those that a glob matches; or all of an
 * area (`states`); or those that start like it (`states/fin-`). A bare word is never a prefix: a typo must not run half.
 */
export function select(selector: string, ids: readonly string[]): readonly string[] {
  if (ids.includes(selector)) return [selector];
  if (/[*?{[(]/.test(selector)) {
    const matches = picomatch(selector, { nonegate: true });
    return ids.filter((id) => matches(id));
  }
  const prefix = selector.includes('/') ? selector : `${selector}/`;
  return ids.filter((id) => id.startsWith(prefix));
}

/** All ids that any of the selectors means, in the order of `ids`. @throws CW_USAGE for a selector that matches nothing */
export function selectAll(selectors: readonly string[], ids: readonly string[]): ReadonlySet<string> {
  const chosen = new Set<string>();
  for (const selector of selectors) {
    const found = select(selector, ids);
    if (found.length === 0)
      throw usage(`no case matches '${selector}'${didYouMean(nearestCase(selector, ids))}`);
    for (const id of found) chosen.add(id);
  }
  return chosen;
}

/** The id or area that a selector which matches nothing was most likely meant to be, in quotes. */
export function nearestCase(selector: string, ids: readonly string[]): string | undefined {
  const word = selector.replace(/[!*{}()[\]]/g, '').replace(/\/+$/, '');
  const areas = new Set(ids.map((id) => id.slice(0, id.lastIndexOf('/'))));
  const whole = nearest(word, [...areas, ...ids]);
  // `fin-wait-1`, `FIN_WAIT_1`: the id without its area.
  const names = ids.map((id) => id.slice(id.lastIndexOf('/') + 1));
  const name = nearest(word, names);
  const found = whole ?? (name === undefined ? undefined : ids[names.indexOf(name)]);
  return found === undefined ? undefined : `'${found}'`;
}
