import type { RunResult } from '#trace';
import { groupBy } from './group.ts';
import type { View } from './view.ts';
import { markOf } from './words.ts';

/** What this machine or plane could not run: by reason, which holds the remedy too. */
export function skips(run: RunResult, { style }: View): string[] {
  const skipped = run.cases.filter(({ verdict }) => verdict === 'skipped');
  return [...groupBy(skipped, ({ reason }) => reason)].flatMap(([reason, results]) => [
    `${markOf('skipped', style)}  ${reason}`,
    ...[...groupBy(results, ({ id }) => id)].map(([id, ofCase]) => {
      const where = [...groupBy(ofCase, ({ target }) => target)].map(([target, ofTarget]) => {
        const families = [...new Set(ofTarget.map(({ family }) => `IPv${family}`))];
        return `${target} ${families.join(' ')}`;
      });
      return `      ${id}   ${where.join(', ')}`;
    }),
  ]);
}
