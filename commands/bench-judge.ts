/** `npm run bench:judge`: the grid that proves the judge, its peers beside it, with exact limits. */
import os from 'node:os';
import path from 'node:path';
import { createLogUpdate } from 'log-update';
import { cachedLosses } from '../bench/judge/cached-losses.ts';
import { type Cell, cellName, type Grid, grids } from '../bench/judge/cells.ts';
import { runGrid } from '../bench/judge/grid.ts';
import { type Report, reportOf } from '../bench/judge/report.ts';
import { writeReport } from '../bench/judge/write.ts';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, refuse, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:judge -- [--quick] [--part PART] [--telemetry DIR] [--workers N] [--seed N] [--out DIR] [--json]

Simulates thousands of releases in every cell of a grid, synthetic and resampled from recorded errors, and counts how often the judge and its
peers are wrong. A cell passes if the exact upper 95 % limit of its wrong verdicts is at most 1 %.

  --quick          a smaller grid and fewer runs: minutes instead of most of an hour
  --part PART      recorded or synthetic: only these cells
  --telemetry DIR  recorded readings (telemetry/README.md); default: the embedded set
  --workers N      threads (default: every core)
  --seed N         the same seed gives the same counts on every machine, with any number of workers (default 1)
  --out DIR        where table.md, cells.csv, result.json, plots and index.html go (default out/bench-judge)
  --json           print the result as JSON

Exit codes: 0 every cell passes, 3 a cell fails, 2 wrong usage or invalid input, 1 anything else.`;

const flags = parseFlags(usage, {
  quick: { type: 'boolean', default: false },
  part: { type: 'string' },
  telemetry: { type: 'string', default: embeddedTelemetry },
  workers: { type: 'string', default: String(os.availableParallelism()) },
  seed: { type: 'string', default: '1' },
  out: { type: 'string', default: 'out/bench-judge' },
  json: { type: 'boolean', default: false },
});

const threads = wholeNumber('--workers', flags.workers, 1, 256, usage);
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);

function gridAsked(): Grid {
  const { part } = flags;
  const { cells, runs } = grids[flags.quick ? 'quick' : 'full'];
  if (part === undefined) return { cells, runs };
  if (part !== 'recorded' && part !== 'synthetic')
    refuse(`--part: "${part}" is neither recorded nor synthetic; give one of them or leave it out`, usage);
  return { cells: cells.filter(({ kind }) => kind === part), runs };
}

const REDRAW_EVERY_MS = 200;
const LINE_EVERY_MS = 10_000;

/** A bar that is redrawn on a terminal; elsewhere a line now and then. */
function progressBar(stream: NodeJS.WriteStream) {
  const started_ms = performance.now();
  const log = stream.isTTY ? createLogUpdate(stream) : null;
  let shown_ms = started_ms;
  return {
    show: (share: number, cell: Cell) => {
      const now_ms = performance.now();
      if (now_ms - shown_ms < (log === null ? LINE_EVERY_MS : REDRAW_EVERY_MS)) return;
      shown_ms = now_ms;
      const left_min = ((now_ms - started_ms) * (1 / share - 1)) / 60_000;
      const text = `${(100 * share).toFixed(1).padStart(5)} %, about ${left_min.toFixed(1)} min left; ${cellName(cell)}`;
      if (log === null) stream.write(`${text}\n`);
      else log(`${'█'.repeat(Math.round(30 * share)).padEnd(30, '░')} ${text}`);
    },
    close: () => log?.clear(),
  };
}

async function measure(): Promise<Report> {
  const grid = gridAsked();
  const started_ms = performance.now();
  const telemetry = await readTelemetry(flags.telemetry);
  console.error(`${telemetry.name}: fitting the candidates, or taking them from ${flags.out}`);
  const losses = await cachedLosses(telemetry, flags.out);
  const bar = progressBar(process.stderr);
  const results = await runGrid(grid, losses, { seed, threads, progress: bar.show });
  bar.close();
  return reportOf(results, losses, {
    grid: `${flags.quick ? 'quick' : 'full'}${flags.part === undefined ? '' : `, ${flags.part} part`}`,
    seed,
    date: new Date().toISOString().slice(0, 10),
    machine: `${machineName()}, ${threads} threads`,
    minutes: (performance.now() - started_ms) / 60_000,
  });
}

async function main(): Promise<ExitCode> {
  const report = await measure();
  const markdown = await writeReport(report, flags.out);
  console.log(flags.json ? JSON.stringify(report) : markdown);
  console.error(`${path.join(flags.out, 'index.html')} has it all`);
  for (const { cell, method, word, wrong, runs } of report.failing)
    console.error(`fails: ${method} said ${word} wrongly in ${wrong} of ${runs} (${cell})`);
  return report.passes ? exitCode.ok : exitCode.refused;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}
