import type { CaseInfo } from '#case';
import { selectAll } from './selectors.ts';
import { didYouMean, nearest, usage } from './usage.ts';

/** Which cases the user asked for. */
export interface CaseFilter {
  /** None: all. */
  readonly selectors: readonly string[];
  readonly exclude: readonly string[];
  /** Cases with any of these; none: whatever their tags. */
  readonly tags: readonly string[];
  readonly require: 'must' | 'should' | 'all';
  readonly slow: boolean;
}

const LEVELS_OF = { must: ['must'], should: ['must', 'should'], all: null } as const;

/**
 * The cases to run, and the slow ones that were asked for but wait for `--slow`.
 * @throws CW_USAGE for a selector or tag that matches nothing, or where no case is left
 */
export function chooseCases(
  cases: readonly CaseInfo[],
  { selectors, exclude, tags, require, slow }: CaseFilter,
): { readonly chosen: readonly CaseInfo[]; readonly tooSlow: readonly CaseInfo[] } {
  const ids = cases.map(({ id }) => id);
  const selected = selectors.length === 0 ? new Set(ids) : selectAll(selectors, ids);
  const excluded = selectAll(exclude, ids);
  const known = [...new Set(cases.flatMap((one) => one.tags))];
  for (const tag of tags) {
    if (!known.includes(tag)) {
      const near = didYouMean(nearest(tag, known)) || `; there are ${known.join(', ') || 'none'}`;
      throw usage(`no case has the tag '${tag}'${near}`);
    }
  }
  const levels: readonly string[] | null = LEVELS_OF[require];
  const wanted = cases.filter(
    (one) =>
      selected.has(one.id) &&
      !excluded.has(one.id) &&
      (levels === null || levels.includes(one.level)) &&
      (tags.length === 0 || tags.some((tag) => one.tags.includes(tag))),
  );
  const chosen = wanted.filter((one) => slow || !one.slow);
  if (chosen.length === 0) {
    throw wanted.length === 0
      ? usage('no case is left by --require, --tag and --exclude together')
      : usage(`${wanted.map(({ id }) => id).join(', ')}: slow, so run only with --slow`, 'Add --slow.');
  }
  return { chosen, tooSlow: wanted.filter((one) => !chosen.includes(one)) };
}
