import type { Figure, Row } from './measure.ts';

const HEAD = ['what', 'closewait', 'against', 'theirs', 'ratio'] as const;

/** The rows as text in columns: medians, with least and most in brackets. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [
    HEAD,
    ...rows.map((row) => [
      `${row.what}, ${row.unit}`,
      formatFigure(row.ours),
      row.against,
      row.theirs === null ? '-' : formatFigure(row.theirs),
      row.ratio === null ? '-' : `${formatNumber(row.ratio)}x`,
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const missing = new Set(rows.flatMap(({ missing: how }) => how ?? []));
  return [...lines, ...missing, ''].join('\n');
}

function formatFigure({ median, min, max }: Figure): string {
  return `${formatNumber(median)} (${formatNumber(min)} to ${formatNumber(max)})`;
}

/** Three digits are more than such figures are good for. */
function formatNumber(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
}
