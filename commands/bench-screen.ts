/** `npm run bench:screen`: how many impossible readings the screen finds, and how many good ones it takes for impossible. */
import { parseArgs } from 'node:util';
import { injected, overlaid, type RawReading, type Row } from '../bench/screen/measure.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { readFlags } from '../telemetry/flags.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';

const usage = `npm run bench:screen -- [--telemetry FOLDER] [--seed N] [--json]

Screens every reading of a set as the scorer and the backtest do: its flags.csv.gz laid over it as the stations said it, and faults put into it.

  --telemetry FOLDER   a set (telemetry/README.md); default: the embedded one
  --seed N             seed of the hours at which faults are put in (default 1)
  --json               print the measurements as JSON

Exit codes: 0 measured, 2 wrong usage or invalid input.`;

try {
  const { values } = parseArgs({
    options: {
      telemetry: { type: 'string', default: embeddedTelemetry },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(usage);
  else await bench(values.telemetry, seedOf(values.seed), values.json);
} catch (error) {
  if (!(error instanceof InputError || error instanceof TypeError)) throw error;
  console.error(error instanceof InputError ? error.message : `${error.message}\n\n${usage}`);
  process.exitCode = exitCode.usage;
}

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InputError([{ place: '--seed', message: `"${text}" is not a whole number`, fix: 'give one like 1' }]);
  return Number(text);
}

async function bench(folder: string, seed: number, json: boolean): Promise<void> {
  const telemetry = await readTelemetry(folder);
  const { categories, kinds, good } = overlaid(telemetry, await rawReadings(folder, telemetry));
  const faults = injected(telemetry, seed);
  if (json) {
    console.log(
      JSON.stringify({ telemetry: telemetry.name, seed, good, categories, kinds, injected: faults }, null, 2),
    );
    return;
  }
  console.log(`${telemetry.name}: ${telemetry.stations.length} stations, ${telemetry.hours} hours, seed ${seed}\n`);
  console.log(table('reading', [good]));
  if (categories.length > 0)
    console.log(`\n${table("the makers' flag", categories)}\n\n${table('what the station said', kinds)}`);
  console.log(`\n${table('fault put in, one at each station', faults)}`);
}

/** The flags that have a reading and lie within the set. */
async function rawReadings(folder: string, { stations, start_h, hours }: Telemetry): Promise<RawReading[]> {
  const index = new Map(stations.map(({ station_id }, station) => [station_id, station]));
  return (await readFlags(folder)).flatMap(({ station_id, hour, category, raw_kw }) => {
    const station = index.get(station_id);
    const within = hour >= start_h && hour < start_h + hours;
    return station === undefined || raw_kw === null || !within ? [] : [{ station, hour, category, raw_kw }];
  });
}

function table(head: string, rows: readonly Row[]): string {
  const lines = rows.map(({ kind, readings, found, by }) => {
    const share = `${((100 * found) / readings).toFixed(3)} %`;
    const reasons = Object.entries(by).map(([reason, n]) => `${reason} ${n}`);
    return `| ${kind} | ${readings} | ${found} | ${readings === 0 ? '' : share} | ${reasons.join(', ')} |`;
  });
  return [`| ${head} | readings | quarantined | share | as |`, '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}
