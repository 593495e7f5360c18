/** `npm run bench:power`: what the live guard is predicted to detect, beside what it detects in simulated releases. */

import { cachedLosses } from '../bench/judge/cached-losses.ts';
import { pairNames } from '../bench/judge/models.ts';
import { recordedWorld } from '../bench/judge/recorded-world.ts';
import { syntheticWorld } from '../bench/judge/synthetic-world.ts';
import { markdownTable } from '../bench/page.ts';
import { type Compared, comparePower, LENGTHS, LOSSES, TOLERANCE_POINTS } from '../bench/power/compare.ts';
import { measureSpread, type WorldOf } from '../bench/power/spread.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { type LossSpread, recordedSpreads } from '../core/judge/loss-spread.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, wholeNumber } from './flags.ts';

const usage = `npm run bench:power -- [--telemetry DIR] [--runs N] [--seed N] [--out DIR] [--json]

Measures how much the paired losses of fleets of several sizes vary, predicts what the live guard detects (core/judge/loss-power.ts), and runs
other simulated releases of known loss through the guard itself, as bench:judge does. Recorded errors have no fleets larger than the set; larger
ones are synthetic, of which the largest was not measured.

  --telemetry DIR  recorded readings (telemetry/README.md); default: the embedded set
  --runs N         releases of each size of fleet, measured and simulated; of synthetic ones an eighth (default 400)
  --seed N         the same seed gives the same numbers on every machine (default 1)
  --out DIR        where fitted candidates are kept (default out/bench-judge)
  --json           print everything as JSON

Exit codes: 0 measured, 3 a prediction is off by more than ${TOLERANCE_POINTS} points, 2 wrong usage or invalid input, 1 anything else.`;

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  runs: { type: 'string', default: '400' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string', default: 'out/bench-judge' },
  json: { type: 'boolean', default: false },
});
const runs = wholeNumber('--runs', flags.runs, 2, 100_000, usage);
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);

type Sizes = { measured: number[]; compared: number[]; runs: number };
type Part = { name: string; measured: LossSpread; compared: Compared[] };

/** `shipped`: what core/ predicts with, where it knows this world; else what was measured just now. */
function part(name: string, worldOf: WorldOf, sizes: Sizes, shipped?: LossSpread): Part {
  console.error(name);
  const measured = measureSpread(worldOf, sizes.measured, sizes.runs, seed);
  const compared = comparePower(worldOf, sizes.compared, { spread: shipped ?? measured, runs: sizes.runs, seed });
  return { name, measured, compared };
}

async function parts(): Promise<Part[]> {
  const telemetry = await readTelemetry(flags.telemetry);
  const losses = await cachedLosses(telemetry, flags.out);
  const recorded = pairNames.map((models) => {
    const world = recordedWorld(losses, models, 'leads 1-24', 72);
    const sizes = [12, 25, 50, losses.stations].filter((size) => size <= losses.stations);
    const shipped = recordedSpreads.find((spread) => spread.set === telemetry.name && spread.models === models);
    return part(`${telemetry.name}, ${models}`, () => world, { measured: sizes, compared: sizes, runs }, shipped);
  });
  const synthetic = (stations: number) => syntheticWorld({ ar: 0.8, correlation: 0.9, tail: 't4', stations });
  // A release of 1,000 stations takes as long as all others together.
  const sizes = { measured: [12, 50, 150], compared: [12, 50, 150, 1000], runs: Math.ceil(runs / 8) };
  return [...recorded, part('synthetic, AR .8, correlation .9, t4', synthetic, sizes)];
}

function table({ name, compared }: Part): string {
  const sizes = [...new Set(compared.map(({ stations }) => stations))];
  const rows = sizes.flatMap((stations) =>
    LENGTHS.map(({ days }) => [
      String(stations),
      String(days),
      ...LOSSES.map((loss) => {
        const cell = compared.find((row) => row.stations === stations && row.days === days && row.loss === loss);
        return `${percent(cell?.predicted)} / ${percent(cell?.simulated)}`;
      }),
    ]),
  );
  const head = ['stations', 'days', ...LOSSES.map((loss) => `+${percent(loss)} %`)];
  return markdownTable({ title: `${name}: % predicted / simulated`, head, rows });
}

function percent(share = Number.NaN): string {
  return (100 * share).toFixed(0);
}

/** The largest distance in points, and the root of the mean square. */
function misses(compared: readonly Compared[]): { worst: number; usual: number } {
  const points = compared.map(({ predicted, simulated }) => 100 * Math.abs(predicted - simulated));
  const usual = Math.sqrt(points.reduce((sum, point) => sum + point * point, 0) / points.length);
  return { worst: Math.max(...points), usual };
}

try {
  const all = await parts();
  if (flags.json) console.log(JSON.stringify({ runs, seed, parts: all }, null, 2));
  else
    for (const each of all) {
      const { worst, usual } = misses(each.compared);
      console.log(table(each));
      console.log(`Off by ${worst.toFixed(1)} points at most, ${usual.toFixed(1)} usually (root mean square).`);
      console.log(`Spread: ${JSON.stringify(each.measured, (_key, value) => rounded(value))}\n`);
    }
  if (all.some(({ compared }) => misses(compared).worst > TOLERANCE_POINTS)) process.exitCode = exitCode.refused;
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}
