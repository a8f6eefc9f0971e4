import { closestMatch } from 'leven';
import { CloseWaitError } from '#core';

/** An error in how the command was called. */
export function usage(message: string, remedy?: string): CloseWaitError {
  return new CloseWaitError('CW_USAGE', message, remedy === undefined ? {} : { remedy });
}

/** The candidate that `word` most likely was meant to be; undefined where none is near. Case, `_` and `-` count little. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const fold = (text: string): string => text.toLowerCase().replaceAll('_', '-');
  const folded = candidates.map(fold);
  const match = closestMatch(fold(word), folded, { maxDistance: Math.max(2, Math.floor(word.length / 3)) });
  return match === undefined ? undefined : candidates[folded.indexOf(match)];
}

/** `; did you mean --for?`, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
}
