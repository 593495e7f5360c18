import { calendarNotes } from './calendar-notes.ts';
import { detectionHead, detectionNotes, detectionRows } from './detection-rows.ts';
import { inCell } from './markdown.ts';
import { inAll } from './plan-text.ts';
import { settingHead, settingRows } from './setting-rows.ts';
import type { ShownPlan } from './shown-plan.ts';
import { stepTable } from './step-table.ts';

/** A plan for a comment on a pull request: its steps in the open, its gates and settings folded away. */
export function planMarkdown(shown: ShownPlan): string {
  const { plan, gates, warnings } = shown;
  const { head, rows } = stepTable(shown);
  const notes = [...calendarNotes(shown).flatMap((said) => said.split('\n')), ...warnings.map((said) => `⚠️ ${said}`)];
  return [
    `### ${inCell(plan.service)} (${inCell(plan.owner)}): ${inAll(shown)}`,
    table(head, rows),
    bullets(notes),
    `<details><summary>What ${gates.length} gates can detect</summary>\n\n${table(detectionHead, detectionRows(shown))}\n\n${bullets(detectionNotes(shown))}\n\n</details>`,
    `<details><summary>Its settings</summary>\n\n${table(settingHead, settingRows(plan))}\n\n</details>`,
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${inCell(line)}`).join('\n');
}
