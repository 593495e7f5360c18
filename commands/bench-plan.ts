/** `npm run bench:plan`: how long `npm run plan` takes to review many services, and to check one plan. */
import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { markdownTable } from '../bench/page.ts';
import { exitCode } from '../core/exit.ts';
import { median } from '../core/judge/series.ts';
import { parsePlan } from '../core/plan.ts';
import { makeServices } from './bench-plan/services.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:plan -- [--services N] [--runs N] [--json]

Makes a repository of N services (default 200), each with the shipped plan and stack, and lets commands/plan.ts say what a branch changes, as a
process from its start to its end; and checks the shipped plan in this process.

  --runs N   times that each is measured (default 7)
  --json     print the figures as JSON

Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

const flags = parseFlags(usage, {
  services: { type: 'string', default: '200' },
  runs: { type: 'string', default: '7' },
  json: { type: 'boolean', default: false },
});
const services = wholeNumber('--services', flags.services, 1, 5000, usage);
const runs = wholeNumber('--runs', flags.runs, 1, 1000, usage);

/** Of one run: by the clock, and of the processors' time, which other programs on the machine do not add to. */
type Cost = { wall_ms: number; cpu_ms: number };
type Figure = { name: string; goal_ms: number | null; costs: Cost[] };

/** Has the process tell what it took of the processors, behind everything else that it says. */
const telling = `process.on('exit', () => process.stderr.write('\\n' + JSON.stringify(process.cpuUsage())))`;

const figures = [...(await parses()), ...(await reviews())];
const load = os.loadavg()[0] ?? Number.NaN;
if (flags.json)
  console.log(JSON.stringify({ machine: machineName(), node: process.version, load, services, figures }, null, 2));
else print();
process.exitCode = exitCode.ok;

/** Checking one plan, without the start of a process: the first plan of all is slower than those that follow. */
async function parses(): Promise<Figure[]> {
  const file = 'rollouts/forecast.yaml';
  const text = await readFile(file, 'utf8');
  const parse = (): Cost => {
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    parsePlan(text, file);
    return { wall_ms: performance.now() - begin, cpu_ms: milliseconds(process.cpuUsage(cpu)) };
  };
  const first = parse();
  const next = Array.from({ length: 20 * runs }, parse);
  return [
    { name: 'check the first plan', goal_ms: 50, costs: [first] },
    { name: 'check each one after it', goal_ms: 50, costs: next },
  ];
}

async function reviews(): Promise<Figure[]> {
  const { folder, change } = await makeServices(services);
  try {
    const measured: Figure[] = [];
    for (const [what, changed] of [
      ['one of them changed', 1],
      ['all of them changed', services],
    ] as const) {
      await change(changed);
      const costs = Array.from({ length: runs }, () => review(folder, changed));
      measured.push({
        name: `npm run plan, ${services} services, ${what}`,
        goal_ms: changed === 1 ? 1000 : null,
        costs,
      });
    }
    return measured;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One process; throws where it does not find what was changed. */
function review(folder: string, changed: number): Cost {
  const command = [path.resolve('commands/plan.ts'), '--against', 'HEAD', '--json'];
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(telling)}`, ...command],
    { cwd: folder, maxBuffer: 2 ** 30, encoding: 'utf8' },
  );
  const wall_ms = performance.now() - begin;
  if (status !== exitCode.ok) throw new Error(`commands/plan.ts ended with ${status}: ${stderr}`);
  const found = stdout.split('"rule": "resets-release"').length - 1;
  if (found !== changed) throw new Error(`commands/plan.ts found ${found} of ${changed} changes`);
  return { wall_ms, cpu_ms: milliseconds(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')) };
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function print(): void {
  const shown = (values_ms: number[]) =>
    `${median(Float64Array.from(values_ms)).toFixed(1)} (${Math.min(...values_ms).toFixed(1)} – ${Math.max(...values_ms).toFixed(1)})`;
  const rows = figures.map(({ name, goal_ms, costs }) => {
    const wall = shown(costs.map(({ wall_ms }) => wall_ms));
    const cpu = shown(costs.map(({ cpu_ms }) => cpu_ms));
    return [name, goal_ms === null ? '' : `< ${goal_ms}`, wall, cpu, String(costs.length)];
  });
  const title = `${machineName()}, Node ${process.version}, load ${load.toFixed(1)} at the end`;
  const head = ['figure', 'goal, ms', 'by the clock, ms: median (lowest – highest)', 'of the processors', 'runs'];
  console.log(markdownTable({ title, head, rows }));
}
