/** `npm run bench:consistency`: how often the alarms that hold live against the backtest are wrong, and how often they find what is wrong. */
import { compare } from '../bench/consistency/compare.ts';
import { wholeDays } from '../bench/consistency/days.ts';
import { faultsOf, sizesOf } from '../bench/consistency/faults.ts';
import { judgedRange, modelPairs } from '../bench/consistency/pairs.ts';
import { inOrder, LIVE_DAYS, type Tally, trial } from '../bench/consistency/trial.ts';
import { wholeStations } from '../bench/judge/forecasters.ts';
import { upperLimit } from '../bench/judge/limits.ts';
import { markdownTable } from '../bench/page.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { alarmNames } from '../core/judge/consistency-constants.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, wholeNumber } from './flags.ts';

const usage = `npm run bench:consistency -- [options]

Simulates releases on recorded errors: the backtest and the fortnight after it are drawn from the second half of a telemetry set in blocks of whole days
(stationary bootstrap), all stations together, once with nothing wrong and once for each fault.

  --telemetry DIR   a set of your own (see telemetry/README.md); default: the embedded one
  --runs N          releases with nothing wrong, for each pair of models and block length (default 1000); a fifth of them for the faults
  --seed N          default 1
  --json            the table as JSON on standard output
  --help

Exit codes: 0 false alarms are at most 1 % in every cell (upper 95 % limit), 3 more in some, 2 wrong usage or invalid input, 1 anything else.`;

const BLOCKS_DAYS = [2, 3, 7];
const FAULT_BLOCK_DAYS = 3;
const BACKTEST_DAYS = 120;
const SHORT_BACKTEST_DAYS = 90;
const GOAL = 0.01;

type Row = {
  pair: string;
  fault: string;
  mean_block_days: number;
  runs: number;
  alarmed: number;
  /** Ties only: alarmed or aborted by the backtest's look. */
  wrong?: number;
  median_hours: number | null;
  by_alarm: Tally['by_alarm'];
};

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  runs: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});
const runs = wholeNumber('--runs', flags.runs, 20, 100_000, usage);
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);

try {
  process.exitCode = await bench();
} catch (error) {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

async function bench() {
  const telemetry = wholeStations(await readTelemetry(flags.telemetry));
  const faults = faultsOf(sizesOf(telemetry.values_kw), seed);
  const rows: Row[] = [];
  const ordered: { pair: string; windows: number; alarmed: number }[] = [];
  for (const { name, ...models } of modelPairs(telemetry)) {
    console.error(`${name}: forecasting`);
    const variants = (await compare(telemetry, models, judgedRange(telemetry), faults)).map(wholeDays);
    const [honest] = variants;
    if (honest === undefined) throw new Error('there is no variant without a fault');
    const common = { seed, backtest_days: BACKTEST_DAYS };
    for (const mean_block_days of BLOCKS_DAYS) {
      console.error(`${name}: ${runs} releases with nothing wrong, blocks of ${mean_block_days} days`);
      const { tallies, wrong } = trial(honest, [honest], { ...common, runs, mean_block_days });
      rows.push(...tallies.map((tally) => ({ ...rowOf(name, 'none', mean_block_days, tally), wrong })));
    }
    console.error(`${name}: faults`);
    const harmed = { ...common, runs: Math.ceil(runs / 5), mean_block_days: FAULT_BLOCK_DAYS };
    const { tallies } = trial(honest, variants.slice(1), harmed);
    for (const [i, tally] of tallies.entries())
      rows.push(rowOf(name, faults[i + 1]?.name ?? '', FAULT_BLOCK_DAYS, tally));
    ordered.push({ pair: name, ...inOrder(honest, SHORT_BACKTEST_DAYS, 'in order') });
  }
  print(telemetry.name, telemetry.stations.length, rows, ordered);
  const passed = rows.every((row) => row.fault !== 'none' || upperLimit(row.alarmed, row.runs) <= GOAL);
  return passed ? exitCode.ok : exitCode.refused;
}

function rowOf(pair: string, fault: string, mean_block_days: number, tally: Tally): Row {
  const { runs, alarmed, hours, by_alarm } = tally;
  return { pair, fault, mean_block_days, runs, alarmed, median_hours: hours[hours.length >> 1] ?? null, by_alarm };
}

function print(
  name: string,
  stations: number,
  rows: Row[],
  ordered: { pair: string; windows: number; alarmed: number }[],
) {
  if (flags.json) return console.log(JSON.stringify({ telemetry: name, stations, runs, seed, rows, ordered }, null, 2));
  console.log(`${name}: ${stations} stations, backtests of ${BACKTEST_DAYS} days, ${LIVE_DAYS} days live\n`);
  const head = ['pair', 'fault', 'mean block', 'runs', 'alarmed', ...alarmNames, 'median hours'];
  const cells = rows.map((row) => {
    const share = (count: number) => `${((100 * count) / row.runs).toFixed(row.fault === 'none' ? 2 : 0)} %`;
    const limit = row.fault === 'none' ? ` (≤ ${(100 * upperLimit(row.alarmed, row.runs)).toFixed(2)} %)` : '';
    const both = row.wrong === undefined ? '' : `, ${share(row.wrong)} with the backtest's aborts`;
    const alarms = alarmNames.map((alarm) => share(row.by_alarm[alarm]));
    const alarmed = `${share(row.alarmed)}${limit}${both}`;
    const cells = [row.pair, row.fault, `${row.mean_block_days} d`, String(row.runs), alarmed];
    return [...cells, ...alarms, String(row.median_hours ?? '')];
  });
  console.log(markdownTable({ title: 'Alarms of consistency', head, rows: cells }));
  for (const { pair, windows, alarmed } of ordered)
    console.log(
      `\n${pair}, nothing wrong, days in their order, ${SHORT_BACKTEST_DAYS} days of backtest: ${alarmed} of ${windows} fortnights (overlapping) raise an alarm`,
    );
}
