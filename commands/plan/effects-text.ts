import picocolors from 'picocolors';
import type { Effect, Severity } from '../../core/effect/change.ts';
import { inCell } from './markdown.ts';
import type { Review } from './review.ts';

/** For a terminal, or without colours for a pipe: each effect on its line, the gravest first. */
export function reviewText(reviews: readonly Review[], against: string, has_colour: boolean): string {
  const { red, yellow, dim } = picocolors.createColors(has_colour);
  const paint: Record<Severity, (text: string) => string> = { danger: red, warning: yellow, notice: dim };
  const line = ({ severity, rule, sentence }: Effect) =>
    `  ${paint[severity](severity.padEnd(8))}${sentence} ${dim(`[${rule}]`)}`;
  return reviews
    .map(({ subject, effects }) => [`${subject}, compared with ${against}:`, ...effects.map(line)].join('\n'))
    .join('\n\n');
}

const signs: Record<Severity, string> = { danger: '🛑', warning: '⚠️', notice: 'ℹ️' };

/** For a comment on a pull request. */
export function reviewMarkdown(reviews: readonly Review[], against: string): string {
  const row = ({ severity, rule, sentence }: Effect) =>
    `| ${signs[severity]} ${severity} | ${inCell(sentence)} | \`${rule}\` |`;
  return reviews
    .map(({ subject, effects }) =>
      [
        `### ${inCell(subject)}: what this changes, compared with ${inCell(against)}`,
        '',
        '| | effect | rule |',
        '| --- | --- | --- |',
        ...effects.map(row),
      ].join('\n'),
    )
    .join('\n\n');
}
