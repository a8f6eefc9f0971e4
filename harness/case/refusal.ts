import type { RunningTarget } from '#target';
import type { Family } from '#tcp';
import type { Case } from './define.ts';
import type { Judgement } from './judge.ts';
import { lackOf } from './needs.ts';
import type { Place } from './place.ts';
import { wireRemedy } from './remedy.ts';

/** Why the case cannot be run here at all; null when it can. */
export function refuse(
  { definition, id }: Case,
  family: Family,
  target: RunningTarget,
  { plane, host }: Pick<Place, 'plane' | 'host'>,
): Judgement | null {
  if (definition[plane] === undefined) {
    const lacks =
      plane === 'loopback'
        ? (definition.loopbackLacks ?? 'it needs packets in our hands')
        : 'it is for loopback alone';
    const remedy = plane === 'loopback' ? wireRemedy(target) : 'run it with --plane loopback';
    return { verdict: 'skipped', reason: `${lacks}; ${remedy}`, faults: [] };
  }
  if (host.addresses[family] === undefined) {
    return {
      verdict: 'skipped',
      reason: `this machine has no IPv${family} loopback address; enable IPv${family} to run ${id}`,
      faults: [],
    };
  }
  if (!target.families.includes(family)) {
    const reason = `${target.info.name} does not listen on IPv${family}`;
    return { verdict: 'unsupported', reason, faults: [] };
  }
  const lack = lackOf(definition, target);
  return lack === null ? null : { verdict: 'unsupported', reason: lack, faults: [] };
}
