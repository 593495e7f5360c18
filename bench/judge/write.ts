import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { aboutLine, drawPlot, markdownTable, plotsOf } from './draw.ts';
import { type Report, type Table, tablesOf } from './report.ts';
import type { WrongRow } from './rows.ts';

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
  await put('cells.csv', csv([...report.wrong, ...report.peers]));
  await put('result.json', `${JSON.stringify(report, null, 2)}\n`);
  await put('index.html', page(report, tables, plots));
  return markdown;
}

const columns = ['kind', 'cell', 'method', 'change', 'word', 'wrong', 'runs', 'rate', 'upper'] as const;

function csv(rows: readonly WrongRow[]): string {
  const line = (row: WrongRow) =>
    columns.map((column) => (typeof row[column] === 'string' ? `"${row[column]}"` : row[column])).join(',');
  return `${[columns.join(','), ...rows.map(line)].join('\n')}\n`;
}

const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;');

function page(report: Report, tables: readonly Table[], plots: readonly string[]): string {
  const row = (tag: 'td' | 'th', cells: string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const sections = tables.map(
    ({ title, head, rows }) =>
      `<h2>${escaped(title)}</h2><table>${row('th', head)}${rows.map((cells) => row('td', cells)).join('')}</table>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>bench:judge</title>
<style>body{font:15px/1.4 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}td,th{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #ddd}svg{max-width:100%;height:auto}</style>
<h1>The judge: ${report.passes ? 'every cell passes' : `${report.failing.length} cells fail`}</h1><p>${escaped(aboutLine(report))}</p>
${sections.join('\n')}
${plots.join('\n')}
</html>
`;
}
