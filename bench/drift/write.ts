import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawPlot } from '../judge/draw.ts';
import { markdownTable, pageOf } from '../page.ts';
import type { Report } from './measure.ts';
import { plotsOf } from './plots.ts';
import { aboutLine, tablesOf } from './tables.ts';

/** Writes table.md, result.json, the plots and index.html, which has them all; returns the Markdown. */
export async function writeReport(report: Report, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const put = (file: string, text: string) => writeFile(path.join(folder, file), text);
  const tables = tablesOf(report);
  const about = aboutLine(report);
  const markdown = `${tables.map(markdownTable).join('\n')}\n${about}\n`;
  const plots: string[] = [];
  for (const plot of plotsOf(report)) {
    const svg = await drawPlot(plot);
    plots.push(svg);
    await put(plot.file, svg);
  }
  await put('table.md', markdown);
  await put('result.json', `${JSON.stringify(report, null, 2)}\n`);
  await put('index.html', pageOf({ name: 'bench:drift', title: 'Drift detectors', about, tables, plots }));
  return markdown;
}
