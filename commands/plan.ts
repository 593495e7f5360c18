/** `npm run plan`: checks one plan and shows what it asks for. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gatesFor } from '../analysis/gates.ts';
import { timedPhases } from '../core/compile/phases.ts';
import { productionTime } from '../core/compile/target.ts';
import { formatHours } from '../core/duration.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { type Plan, parsePlan } from '../core/plan.ts';

const usage = `npm run plan -- --file FILE [--json]

Checks a plan (rollouts/*.yaml) and prints its phases and gates.

Exit codes: 0 valid, 2 invalid: every fault on a line, as FILE:LINE:COLUMN path: message; fix.`;

try {
  const { values } = parseArgs({
    options: { file: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) console.log(usage);
  else if (values.file === undefined) throw new TypeError('--file is missing');
  else print(parsePlan(await readPlan(values.file), values.file), values.json === true);
} catch (error) {
  if (!(error instanceof InputError || error instanceof TypeError)) throw error;
  console.error(error instanceof InputError ? error.message : `${error.message}\n\n${usage}`);
  process.exitCode = exitCode.usage;
}

async function readPlan(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place: '--file', message, fix: 'name a plan like rollouts/forecast.yaml' }], { cause });
  }
}

function print(plan: Plan, json: boolean): void {
  const phases = timedPhases(plan, { time: productionTime });
  const gates = gatesFor({ backtested: true }).map(({ name, title, unit, threshold }) => ({
    ...{ name, title, unit },
    threshold: plan.gates[name]?.threshold ?? threshold,
  }));
  if (json) {
    console.log(JSON.stringify({ plan, phases, gates }, null, 2));
    return;
  }
  console.log(`${plan.service} (${plan.owner}): ${plan.replicas} pods, ${formatHours(totalHours(phases))} in all\n`);
  console.log(table(['phase', 'stations', 'mirrored', 'for', 'judged hours'], phases.map(phaseRow)));
  console.log(`\n${table(['gate', 'threshold', 'good is'], gates.map(gateRow))}`);
}

function totalHours(phases: readonly { hours: number }[]): number {
  return phases.reduce((sum, { hours }) => sum + hours, 0);
}

function phaseRow(phase: ReturnType<typeof timedPhases>[number]): string[] {
  const { name, weight_percent, mirror_percent, hours, min_hours } = phase;
  return [name, `${weight_percent} %`, `${mirror_percent} %`, formatHours(hours), `≥ ${min_hours}`];
}

function gateRow({ name, title, threshold, unit }: { name: string; title: string; threshold: number; unit: string }) {
  return [name, `${threshold} ${unit}`, title];
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}
