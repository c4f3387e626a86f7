/**
 * A table of texts without control characters, its columns as wide as they need to be.
 * @param paint called with each padded cell, its row and its column
 */
export function columns(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = cell => cell,
): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row, line) =>
    row
      .map((cell, at) => paint(at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0), line, at))
      .join('  ')
      .trimEnd(),
  );
}
