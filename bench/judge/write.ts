import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markdownTable, pageOf } from '../page.ts';
import { aboutLine, drawPlot, plotsOf } from './draw.ts';
import { type Report, tablesOf } from './report.ts';
import type { VerdictRow } from './rows.ts';

/** Writes table.md, cells.csv, result.json, the plots and index.html, which has them all; returns the Markdown. */
export async function writeReport(report: Report, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const put = (file: string, text: string) => writeFile(path.join(folder, file), text);
  const tables = tablesOf(report);
  const markdown = `${tables.map(markdownTable).join('\n')}\n${aboutLine(report)}\n`;
  const plots: string[] = [];
  for (const plot of plotsOf(report)) {
    const svg = await drawPlot(plot);
    plots.push(svg);
    await put(plot.file, svg);
  }
  await put('table.md', markdown);
  await put('cells.csv', csv(report.verdicts));
  await put('result.json', `${JSON.stringify(report)}\n`);
  const title = `The judge: ${report.passes ? 'every cell passes' : `${report.failing.length} cells fail`}`;
  await put('index.html', pageOf({ name: 'bench:judge', title, about: aboutLine(report), tables, plots }));
  return markdown;
}

const columns = ['kind', 'cell', 'method', 'change', 'runs', 'abort', 'safe', 'win'] as const;

function csv(rows: readonly VerdictRow[]): string {
  const line = (row: VerdictRow) =>
    columns.map((column) => (typeof row[column] === 'string' ? `"${row[column]}"` : row[column])).join(',');
  return `${[columns.join(','), ...rows.map(line)].join('\n')}\n`;
}
