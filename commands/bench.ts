/** `npm run bench`: rehearses several times and prints the figures of the README, with the machine that gave them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { $ } from 'zx';
import { markdownTable } from '../bench/page.ts';
import { exitCode } from '../core/exit.ts';
import { median } from '../core/judge/series.ts';
import type { Verdict } from '../core/verdict.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench -- [--runs N] [--json]   rehearses N times (default 3) a good and a slow candidate, and prints medians

Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

type Figure = { name: string; goal_s: number; of: (verdict: Verdict) => number | null; from: 'good' | 'slow' };

const figures: Figure[] = [
  {
    name: 'control plane, Argo Rollouts and data plane ready',
    goal_s: 6,
    of: ({ timings_s }) => timings_s.lab_ready,
    from: 'good',
  },
  {
    name: 'whole rehearsal, 456 hours of 115 stations, to its verdict',
    goal_s: 60,
    of: ({ timings_s }) => timings_s.total,
    from: 'good',
  },
  {
    name: 'breach visible in Prometheus, until Envoy gives the candidate nothing',
    goal_s: 5,
    of: ({ timings_s }) => timings_s.breach_to_zero_weight,
    from: 'slow',
  },
];

/** The slow candidate turns slow at 10 % of the stations: before that it has no weight that could be taken off. */
const stories = {
  good: { args: [], code: exitCode.ok },
  slow: { args: ['--scenario', 'slow', '--fault-after', '340'], code: exitCode.refused },
} as const;

const flags = parseFlags(usage, { runs: { type: 'string', default: '3' }, json: { type: 'boolean' } });
const runs = wholeNumber('--runs', flags.runs, 1, 20, usage);
await bench();

async function bench(): Promise<void> {
  const measured = figures.map((figure) => ({ ...figure, values_s: [] as number[] }));
  // The first rehearsal trains and fills the page cache: it is not counted.
  await rehearse('good');
  for (let run = 1; run <= runs; run++)
    for (const story of ['good', 'slow'] as const) {
      console.error(`rehearsal ${run} of ${runs}, ${story}`);
      const verdict = await rehearse(story);
      for (const { name, of, values_s } of measured.filter(({ from }) => from === story)) {
        const value = of(verdict);
        if (value === null) throw new Error(`rehearsal ${run}, ${story}: its verdict has no value for "${name}"`);
        values_s.push(value);
      }
    }
  const rows = measured.map(({ name, goal_s, values_s }) => ({
    name,
    goal_s,
    median_s: median(Float64Array.from(values_s)),
    lowest_s: Math.min(...values_s),
    highest_s: Math.max(...values_s),
    runs: values_s.length,
  }));
  const machine = machineName();
  await mkdir('out', { recursive: true });
  await writeFile('out/bench.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  if (flags.json) console.log(JSON.stringify({ machine, rows }));
  else {
    const cells = rows.map((row) => [
      ...[row.name, `≤ ${row.goal_s} s`, seconds(row.median_s)],
      ...[`${seconds(row.lowest_s)} – ${seconds(row.highest_s)}`, String(row.runs)],
    ]);
    const head = ['figure', 'goal', 'median', 'lowest – highest', 'runs'];
    console.log(markdownTable({ title: 'The rehearsal', head, rows: cells }));
    console.log(`\nMeasured on: ${machine}.`);
  }
}

async function rehearse(story: keyof typeof stories): Promise<Verdict> {
  const out = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
  const { args, code } = stories[story];
  try {
    const run = await $({ nothrow: true, quiet: true })`${process.execPath} commands/rehearse.ts --out ${out} ${args}`;
    if (run.exitCode !== code)
      throw new Error(`a rehearsal that should exit with ${code} gave ${run.exitCode}:\n${run.stdout}${run.stderr}`);
    return JSON.parse(await readFile(path.join(out, 'verdict.json'), 'utf8')) as Verdict;
  } finally {
    await rm(out, { recursive: true });
  }
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
