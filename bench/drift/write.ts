import { publish } from '../publish.ts';
import type { Report } from './measure.ts';
import { plotsOf } from './plots.ts';
import { aboutLine, tablesOf } from './tables.ts';

/** Writes table.md, result.json, the plots and index.html, which has them all; returns the Markdown. */
export async function writeReport(report: Report, folder: string): Promise<string> {
  return await publish(folder, {
    ...{ name: 'bench:drift', title: 'Drift detectors', about: aboutLine(report) },
    ...{ tables: tablesOf(report), plots: plotsOf(report) },
    files: { 'result.json': `${JSON.stringify(report, null, 2)}\n` },
  });
}
