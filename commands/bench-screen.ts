/** `npm run bench:screen`: how many impossible readings the screen finds, and how many good ones it takes for impossible. */
import { markdownTable } from '../bench/page.ts';
import { injected, overlaid, type RawReading, type Row } from '../bench/screen/measure.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { readFlags } from '../telemetry/flags.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, wholeNumber } from './flags.ts';

const usage = `npm run bench:screen -- [--telemetry FOLDER] [--seed N] [--json]

Screens every reading of a set as the scorer and the backtest do: its flags.csv.gz laid over it as the stations said it, and faults put into it.

  --telemetry FOLDER   a set (telemetry/README.md); default: the embedded one
  --seed N             seed of the hours at which faults are put in (default 1)
  --json               print the measurements as JSON

Exit codes: 0 measured, 2 wrong usage or invalid input.`;

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});

try {
  await bench(flags.telemetry, wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage), flags.json);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
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
  console.log(table('Good readings', 'reading', [good]));
  if (categories.length > 0) {
    console.log(table("Readings that the set's makers flagged", "the makers' flag", categories));
    console.log(table('The same, by what was wrong', 'what the station said', kinds));
  }
  console.log(table('Faults put in, one at each station', 'fault', faults));
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

function table(title: string, first: string, rows: readonly Row[]): string {
  const cells = rows.map(({ kind, readings, found, by }) => {
    const share = `${((100 * found) / readings).toFixed(3)} %`;
    const reasons = Object.entries(by).map(([reason, n]) => `${reason} ${n}`);
    return [kind, String(readings), String(found), readings === 0 ? '' : share, reasons.join(', ')];
  });
  return markdownTable({ title, head: [first, 'readings', 'quarantined', 'share', 'as'], rows: cells });
}
