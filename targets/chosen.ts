import type { TargetDefinition } from '#target';
import { CORE, targets } from './index.ts';

/**
 * The targets that tests try one by one: the core, or those that CLOSEWAIT_TARGETS names, separated by commas; `all`: every
 * one. The others are run by `closewait run --all`, as CI does.
 */
export function chosenTargets(): readonly TargetDefinition[] {
  const wanted = (process.env['CLOSEWAIT_TARGETS'] ?? CORE.join()).split(',');
  const unknown = wanted.filter((word) => word !== 'all' && !targets.some(({ name }) => name === word));
  if (unknown.length > 0) throw new Error(`CLOSEWAIT_TARGETS: no target '${unknown.join("', '")}'`);
  return targets.filter(({ name }) => wanted.includes('all') || wanted.includes(name));
}
