import { calendarNotes } from './calendar-notes.ts';
import { inCell } from './markdown.ts';
import { gateRow, inAll } from './plan-text.ts';
import type { ShownPlan } from './shown-plan.ts';
import { stepTable } from './step-table.ts';

/** A plan for a comment on a pull request: its steps in the open, its gates folded away. */
export function planMarkdown(shown: ShownPlan): string {
  const { plan, gates, warnings } = shown;
  const { head, rows } = stepTable(shown);
  const notes = [...calendarNotes(shown).flatMap((said) => said.split('\n')), ...warnings.map((said) => `⚠️ ${said}`)];
  return [
    `### ${inCell(plan.service)} (${inCell(plan.owner)}): ${inAll(shown)}`,
    table(head, rows),
    notes.map((line) => `- ${inCell(line)}`).join('\n'),
    `<details><summary>${gates.length} gates</summary>\n\n${table(['gate', 'threshold', 'judges', 'good is'], gates.map(gateRow))}\n\n</details>`,
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
