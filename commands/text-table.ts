type Row = readonly string[];

/** The lines of a table for a terminal: columns as wide as their widest cell, a rule below the head; `right` aligned columns are of numbers. */
export function textTable(head: readonly Row[], rows: readonly Row[], right: readonly number[] = []): string[] {
  const all = [...head, ...rows];
  const widths = (head[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  const line = (row: Row) => row.map(padded).join('  ').trimEnd();
  return [...head.map(line), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}
