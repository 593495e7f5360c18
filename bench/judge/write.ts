import { publish } from '../publish.ts';
import { aboutLine, plotsOf } from './draw.ts';
import { type Report, tablesOf } from './report.ts';
import type { VerdictRow } from './rows.ts';

/** Writes table.md, cells.csv, result.json, the plots and index.html, which has them all; returns the Markdown. */
export async function writeReport(report: Report, folder: string): Promise<string> {
  const title = `The judge: ${report.passes ? 'every cell passes' : `${report.failing.length} cells fail`}`;
  return await publish(folder, {
    ...{ name: 'bench:judge', title, about: aboutLine(report) },
    ...{ tables: tablesOf(report), plots: plotsOf(report) },
    files: { 'cells.csv': csv(report.verdicts), 'result.json': `${JSON.stringify(report)}\n` },
  });
}

const columns = ['kind', 'cell', 'method', 'change', 'runs', 'abort', 'safe', 'win'] as const;

function csv(rows: readonly VerdictRow[]): string {
  const line = (row: VerdictRow) =>
    columns.map((column) => (typeof row[column] === 'string' ? `"${row[column]}"` : row[column])).join(',');
  return `${[columns.join(','), ...rows.map(line)].join('\n')}\n`;
}
