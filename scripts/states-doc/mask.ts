import { findState } from '#tcp';

/**
 * The page without what differs from run to run: numbers, how lines are wrapped, the versions of the machine. Of packets and lines
 * what stays is the states that they show, in order.
 */
export function mask(page: string): string {
  return page
    .replace(/^Written by a run on [^]*?\n\n/m, '')
    .replace(/```text\n([^]*?)```/g, (_, text: string) => `[${statesIn(text).join(' ')}]`)
    .replace(/\d[\d.]*/g, '#')
    .replace(/#(, #)+/g, '#')
    .replace(/[ >]*\n(?!\n)[ >]*/g, ' ')
    .replace(/ +/g, ' ')
    .replace(/-{3,}/g, '---');
}

function statesIn(text: string): string[] {
  const words = text.match(/\b[A-Z][A-Z0-9_-]+\b/g) ?? [];
  const states = words.flatMap((word) => findState(word) ?? []);
  return states.filter((state, at) => state !== states[at - 1]);
}
