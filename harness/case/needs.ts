import type { Traits } from '#target';
import type { CaseDefinition } from './define.ts';

/** How a server of the user's own is given a trait, where a flag gives it. */
const FLAGS: Partial<Record<keyof Traits, string>> = {
  large: '--path large=/big',
  slow: '--path slow=/slow',
  upload: '--path upload=/upload',
  effect: '--path effect=/run --path effects=/count',
};

/** Why a target cannot be asked for what a case needs; null when it can. */
export function lackOf(
  { needs = [] }: Pick<CaseDefinition, 'needs'>,
  { traits, info }: { readonly traits: Traits; readonly info: { readonly name: string } },
): string | null {
  const missing = needs.filter((need) => traits[need] === undefined);
  if (missing.length === 0) return null;
  const flags = missing.flatMap((need) => FLAGS[need] ?? []);
  const how = flags.length === 0 ? '' : `; give it with ${flags.join(' ')}`;
  return `it needs ${missing.map((need) => `traits.${need}`).join(' and ')}, which ${info.name} does not declare${how}`;
}
