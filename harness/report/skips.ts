import type { CaseResult, RunResult } from '#trace';
import { groupBy } from './group.ts';
import type { View } from './view.ts';
import { markOf } from './words.ts';
import { wrap } from './wrap.ts';

/** What this machine or plane could not run: by reason, which holds the remedy too. */
export function skips(run: RunResult, { style, width }: View): string[] {
  const skipped = run.cases.filter(({ verdict }) => verdict === 'skipped');
  return [...groupBy(skipped, ({ reason }) => reason)].flatMap(([reason, results]) => [
    ...wrap(reason, width, `${markOf('skipped', style)}  `, '      '),
    ...[...groupBy(results, ({ id }) => id)].flatMap(([id, ofCase]) =>
      wrap(`${id}: ${where(ofCase)}`, width, '      - ', '        '),
    ),
  ]);
}

/** `echo, http on IPv4 and IPv6; redis on IPv4` */
function where(results: readonly CaseResult[]): string {
  const targets = [...groupBy(results, ({ target }) => target)].map(([target, ofTarget]) => {
    const families = [...new Set(ofTarget.map(({ family }) => `IPv${family}`))];
    return { target, families: families.join(' and ') };
  });
  return [...groupBy(targets, ({ families }) => families)]
    .map(([families, same]) => `${same.map(({ target }) => target).join(', ')} on ${families}`)
    .join('; ');
}
