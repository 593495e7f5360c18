import { html, trusted } from '../core/html.ts';

/** Rows of text under a head, for Markdown and HTML alike. */
export type Table = { title: string; head: string[]; rows: string[][] };

/** A table as Markdown. */
export function markdownTable({ title, head, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return `### ${title}\n\n${[head, head.map(() => '---'), ...rows].map(line).join('\n')}\n`;
}

type Page = { name: string; title: string; about: string; tables: readonly Table[]; plots: readonly string[] };

const style =
  'body{font:15px/1.4 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}td,th{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #ddd}svg{max-width:100%;height:auto}';

/** One self-contained HTML page; `plots` are SVG. */
export function pageOf({ name, title, about, tables, plots }: Page): string {
  const sections = tables.map(
    ({ title, head, rows }) => html`<h2>${title}</h2><table><tr>${head.map((cell) => html`<th>${cell}</th>`)}</tr>
${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</table>\n`,
  );
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${name}</title>
<style>${trusted(style)}</style>
<h1>${title}</h1><p>${about}</p>
${sections}
${plots.map(trusted)}
</html>
`.text;
}
