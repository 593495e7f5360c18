/** `npm run plan`: checks one plan and shows what it asks for. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gatesFor } from '../analysis/gates.ts';
import { stationsExposed } from '../core/cohort.ts';
import { timedPhases } from '../core/compile/phases.ts';
import { canaryPods } from '../core/compile/rollout.ts';
import { productionTime } from '../core/compile/target.ts';
import { formatHours } from '../core/duration.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { detectable, stationsNeeded } from '../core/judge/groups/power.ts';
import { type Plan, parsePlan, thresholdIn } from '../core/plan.ts';
import { judgeRows } from './plan/judge-rows.ts';

const usage = `npm run plan -- --file FILE [--stations N] [--json]

Checks a plan (rollouts/*.yaml) and prints its phases, its gates and what it is judged by.

  --stations N   say how many of N stations each phase exposes, and what change in users' outcomes can show
  --json         print the plan, its phases and gates as JSON

Exit codes: 0 valid, 2 invalid: every fault on a line, as FILE:LINE:COLUMN path: message; fix.`;

try {
  const { values } = parseArgs({
    options: {
      file: { type: 'string' },
      stations: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(usage);
  else if (values.file === undefined) throw new TypeError('--file is missing');
  else {
    const stations = values.stations === undefined ? null : stationsOf(values.stations);
    print(parsePlan(await readPlan(values.file), values.file), stations, values.json === true);
  }
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

function stationsOf(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new InputError([{ place: '--stations', message: `"${text}" is not a number of stations`, fix: 'give one' }]);
  return Number(text);
}

function print(plan: Plan, stations: number | null, json: boolean): void {
  const phases = timedPhases(plan, { time: productionTime }).map((phase) => ({
    ...phase,
    canary_pods: canaryPods(plan, phase),
    stations_exposed: stations === null ? null : stationsExposed(stations, phase.weight_percent),
    detectable_change: stations === null ? null : detectableChange(stations, phase),
  }));
  const gates = gatesFor({ backtested: true }).map((gate) => ({
    ...{ name: gate.name, title: gate.title, unit: gate.unit },
    threshold: thresholdIn(plan, gate),
  }));
  if (json) {
    console.log(JSON.stringify({ plan, phases, gates }, null, 2));
    return;
  }
  const hours = phases.reduce((sum, phase) => sum + phase.hours, 0);
  const peak = plan.replicas + Math.max(...phases.map(({ canary_pods }) => canary_pods));
  console.log(
    `${plan.service} (${plan.owner}): ${formatHours(hours)} in all, ${plan.replicas} pods, ${peak} at the peak\n`,
  );
  const rows = phases.map((phase) => phaseRow(plan, phase));
  console.log(table(['phase', 'stations', 'mirrored', 'pods', 'for', 'judged hours'], rows));
  if (stations !== null)
    console.log(
      `\n${phases
        .filter(({ kind }) => kind === 'ramp')
        .map(detectableLine)
        .join('\n')}`,
    );
  console.log(`\n${table(['gate', 'threshold', 'good is'], gates.map(gateRow))}`);
  console.log(`\n${table(['judge', 'value', 'meaning'], judgeRows(plan.judge))}`);
}

type ShownPhase = ReturnType<typeof timedPhases>[number] & {
  canary_pods: number;
  stations_exposed: number | null;
  detectable_change: DetectableChange | null;
};

/** Per spread of one station's ratio since/before: a usual and an unquiet one; null where the groups are too small to be compared. */
type DetectableChange = { sigma_u: number; change: number | null; stations_for_5_percent: number }[];

function detectableChange(stations: number, { weight_percent }: { weight_percent: number }): DetectableChange {
  const canary_stations = stationsExposed(stations, weight_percent);
  return [0.1, 0.15].map((sigma_u) => ({
    sigma_u,
    change: detectable({ stations, canary_stations, sigma_u }),
    stations_for_5_percent: stationsNeeded({ sigma_u, change: 0.05, share: weight_percent / 100 }),
  }));
}

/** What the plan's users may promise themselves of comparing what stations do in the two groups. */
function detectableLine({ name, detectable_change }: ShownPhase): string {
  const changes = (detectable_change ?? []).flatMap(({ sigma_u, change, stations_for_5_percent }) =>
    change === null
      ? []
      : `${(100 * change).toFixed(1)} % where stations vary by ${100 * sigma_u} % (5 %: from ${stations_for_5_percent} in the canary, looked at once)`,
  );
  return changes.length === 0
    ? `${name}: too few stations in a group to compare engagement and feedback`
    : `${name}: a change of engagement or feedback shows from ${changes.join(' or ')}`;
}

function phaseRow({ replicas }: Plan, phase: ShownPhase): string[] {
  const { name, weight_percent, mirror_percent, hours, min_hours, stations_exposed, canary_pods } = phase;
  const stations = stations_exposed === null ? '' : `, about ${stations_exposed}`;
  const pods = `${replicas} + ${canary_pods}`;
  return [name, `${weight_percent} %${stations}`, `${mirror_percent} %`, pods, formatHours(hours), `≥ ${min_hours}`];
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
