import { stripVTControlCharacters } from 'node:util';

/** Columns that text takes in a terminal, styles not counted. Enough for our own words and marks, one column each. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** `text` with spaces up to `width`. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Rows of cells as lines whose columns stand under each other, `gap` spaces between; none at the end. */
export function alignColumns(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at]!))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}
