import { readFileSync } from 'node:fs';
import { parseKnown, type CaseInfo, type KnownFailure } from '#case';
import { messageOf } from '#core';
import type { TargetDefinition } from '#target';
import { nearestCase } from './selectors.ts';
import { didYouMean, nearest, usage } from './usage.ts';

/** What a server of the user's own is called, besides its address. */
const OWN = 'exec';

/**
 * Reads the file of known failures. An entry for a case or a server that does not exist would never be met: it is an error.
 * @throws CW_USAGE
 */
export function readKnown(
  file: string,
  { cases, targets }: { readonly cases: readonly CaseInfo[]; readonly targets: readonly TargetDefinition[] },
): readonly KnownFailure[] {
  const known = parse(file);
  const ids = cases.map(({ id }) => id);
  const names = [...targets.map(({ name }) => name), OWN];
  known.forEach((entry, at) => {
    if (!ids.includes(entry.case))
      throw wrong(
        file,
        `known[${at}].case`,
        `there is no case '${entry.case}'${didYouMean(nearestCase(entry.case, ids))}`,
      );
    if (!names.includes(entry.target) && !/:\d+$/.test(entry.target))
      throw wrong(
        file,
        `known[${at}].target`,
        `there is no target '${entry.target}'${didYouMean(nearest(entry.target, names))}`,
      );
  });
  return known;
}

function parse(file: string): readonly KnownFailure[] {
  try {
    return parseKnown(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw usage(`--known ${file}: ${messageOf(error)}`, REMEDY);
  }
}

function wrong(file: string, key: string, what: string): Error {
  return usage(`--known ${file}: ${key}: ${what}`, REMEDY);
}

const REMEDY =
  'The file is {"known": [{"target", "case", "reason", "reference", "message", and if wanted "family", "sometimes", "expires"}]}.';
