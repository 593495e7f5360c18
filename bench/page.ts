/** Rows of text under a head, for Markdown and HTML alike. */
export type Table = { title: string; head: string[]; rows: string[][] };

/** A table as Markdown. */
export function markdownTable({ title, head, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return `### ${title}\n\n${[head, head.map(() => '---'), ...rows].map(line).join('\n')}\n`;
}

const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;');

type Page = { name: string; title: string; about: string; tables: readonly Table[]; plots: readonly string[] };

/** One self-contained HTML page; `plots` are SVG. */
export function pageOf({ name, title, about, tables, plots }: Page): string {
  const row = (tag: 'td' | 'th', cells: string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const sections = tables.map(
    ({ title, head, rows }) =>
      `<h2>${escaped(title)}</h2><table>${row('th', head)}${rows.map((cells) => row('td', cells)).join('')}</table>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(name)}</title>
<style>body{font:15px/1.4 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}td,th{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #ddd}svg{max-width:100%;height:auto}</style>
<h1>${escaped(title)}</h1><p>${escaped(about)}</p>
${sections.join('\n')}
${plots.join('\n')}
</html>
`;
}
