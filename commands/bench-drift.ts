/** `npm run bench:drift`: what the drift detectors say of telemetry that nobody disturbed, and how soon they find what was. */
import path from 'node:path';
import { createLogUpdate } from 'log-update';
import { type Measured, measure, reportOf, STEPS } from '../bench/drift/measure.ts';
import { writeReport } from '../bench/drift/write.ts';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:drift -- [--telemetry DIR] [--seed N] [--out DIR] [--json]

Measures the drift detectors at their default thresholds: false alarms per month on undisturbed telemetry, and the days to detection of a level shift
(several sizes, several shares of the stations) and of a model that errs more. Takes about five minutes a set.

  --telemetry DIR  a set of at least eight months (telemetry/README.md), measured beside the embedded one
  --seed N         draws the stations that are shifted (default 1)
  --out DIR        where table.md, result.json, plots and index.html go (default out/bench-drift)
  --json           print the result as JSON

Exit codes: 0 measured, 2 wrong usage or invalid input, 1 anything else.`;

/** m_s takes 118 days and a replay 70 more; with fewer than three replays, 20 days apart, there is nothing to count. */
const MIN_DAYS = 240;

const flags = parseFlags(usage, {
  telemetry: { type: 'string' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string', default: 'out/bench-drift' },
  json: { type: 'boolean', default: false },
});
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);
process.exitCode = await run();

async function run(): Promise<ExitCode> {
  try {
    const folders = [embeddedTelemetry, ...(flags.telemetry === undefined ? [] : [flags.telemetry])];
    // A fault of the second set is told before the first is measured.
    const telemetry = await Promise.all(folders.map(readLongTelemetry));
    const sets = telemetry.map((set, i) => measured(set, { done: i, of: folders.length }));
    const report = reportOf(sets, { seed, date: new Date().toISOString().slice(0, 10), machine: machineName() });
    const markdown = await writeReport(report, flags.out);
    console.log(
      flags.json ? JSON.stringify(report) : `${markdown}\nPlots and numbers: ${path.join(flags.out, 'index.html')}`,
    );
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return exitCode.usage;
  }
}

async function readLongTelemetry(folder: string): Promise<Telemetry> {
  const telemetry = await readTelemetry(folder);
  if (telemetry.hours >= 24 * MIN_DAYS) return telemetry;
  const days = Math.floor(telemetry.hours / 24);
  const message = `${days} days are too few: 118 days teach what is usual, a replay takes 70 more, and it takes several replays`;
  throw new InputError([{ place: folder, message, fix: `give a set of at least ${MIN_DAYS} days` }]);
}

function measured(telemetry: Telemetry, sets: { done: number; of: number }): Measured {
  const show = process.stderr.isTTY ? createLogUpdate(process.stderr) : null;
  let steps = 0;
  const result = measure(telemetry, seed, () => {
    steps++;
    show?.(`${Math.round((100 * (sets.done + steps / STEPS)) / sets.of)} %: ${telemetry.name}`);
  });
  show?.clear();
  return result;
}
