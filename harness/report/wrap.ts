import { widthOf } from './columns.ts';

/** Text in lines of at most `width` columns, broken at spaces; a word that is longer stands alone. */
export function wrap(text: string, width: number, first: string, rest: string = first): string[] {
  return wrapWords(
    text.split(/\s+/).filter((word) => word !== ''),
    width,
    first,
    rest,
  );
}

/** The same of words that may have spaces in them, at which no line is broken. */
export function wrapWords(words: readonly string[], width: number, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words) {
    if (!empty && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
