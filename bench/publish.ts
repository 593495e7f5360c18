import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markdownTable, pageOf, type Table } from './page.ts';
import { drawPlot, type Plot } from './plot.ts';

type Publication = {
  /** Of the command. */
  name: string;
  title: string;
  /** Of what, with which seed, when and on which machine. */
  about: string;
  tables: readonly Table[];
  plots: readonly Plot[];
  /** Further files by name. */
  files: Readonly<Record<string, string>>;
};

/** Writes table.md, the plots, the further files and index.html, which has tables and plots; returns the Markdown. */
export async function publish(
  folder: string,
  { name, title, about, tables, plots, files }: Publication,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const put = (file: string, text: string) => writeFile(path.join(folder, file), text);
  const markdown = `${tables.map(markdownTable).join('\n')}\n${about}\n`;
  const drawn: string[] = [];
  for (const plot of plots) {
    const svg = await drawPlot(plot);
    drawn.push(svg);
    await put(plot.file, svg);
  }
  await put('table.md', markdown);
  for (const [file, text] of Object.entries(files)) await put(file, text);
  await put('index.html', pageOf({ name, title, about, tables, plots: drawn }));
  return markdown;
}
