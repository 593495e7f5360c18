import { type Line, span } from './terminal-lines.ts';

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What comes from outside must not move the cursor, ring or turn text around: control and format characters become blanks. */
export function clean(text: string): string {
  return text.replace(unprintable, ' ').replaceAll(/ {2,}/g, ' ').trim();
}

const wide = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;
const cellsOf = (text: string) => [...text].reduce((sum, char) => sum + (wide.test(char) ? 2 : 1), 0);

/** Cuts a line to so many cells. */
export function crop(line: Line, columns: number): Line {
  let left = columns;
  return line.map(({ text, style }) => {
    const harmless = text.replace(unprintable, ' ');
    const kept = cellsOf(harmless) <= left ? harmless : cut(harmless, left);
    left -= cellsOf(kept);
    return span(kept, style);
  });
}

function cut(text: string, columns: number): string {
  let kept = '';
  let left = columns - 1;
  for (const char of text) {
    left -= cellsOf(char);
    if (left < 0) break;
    kept += char;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** Breaks a text at blanks into lines of at most so many cells. */
export function wrap(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && cellsOf(line) + 1 + cellsOf(word) > columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
