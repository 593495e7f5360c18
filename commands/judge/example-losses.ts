/**
 * The example of the README: a forecast that repeats last week, and a candidate that does so with its hours shifted by one, on a few stations
 * of the embedded telemetry. `node commands/judge/example-losses.ts` writes it; a test proves that it is fresh.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { StationHourLosses } from '../../core/judge/losses.ts';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { forecastRange } from '../../model-server/offline.ts';
import { seasonal } from '../../model-server/seasonal.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';

export const exampleFile = fileURLToPath(new URL('../../docs/examples/losses.csv.gz', import.meta.url));

const STATIONS = 8;
const DAYS = 56;

/** Losses of the seasonal forecast with this lag over every station, from `from_h` to `to_h`. */
export async function seasonalLosses(
  telemetry: Telemetry,
  lag_h: number,
  range: { from_h: number; to_h: number },
): Promise<StationHourLosses> {
  const losses = new StationHourLosses(telemetry, range);
  const stations = telemetry.stations.length;
  await forecastRange(seasonal(lag_h), telemetry, range.from_h - LEADS, range.to_h, (block) => {
    for (let row = 0; row < block.hours * stations; row++) {
      const issue_h = block.from_h + Math.floor(row / stations) * block.stride_h;
      losses.add(issue_h, row % stations, block.values_kw.subarray(row * LEADS, (row + 1) * LEADS));
    }
  });
  return losses;
}

/** The first hours of the embedded set that both forecasts have a whole history for. */
export async function exampleLosses(): Promise<string> {
  const all = await readTelemetry(embeddedTelemetry);
  const some = { ...all, stations: all.stations.slice(0, STATIONS), values_kw: all.values_kw.slice(0, STATIONS) };
  const from_h = all.start_h + HISTORY_HOURS + LEADS;
  const range = { from_h, to_h: from_h + 24 * DAYS - 1 };
  const stable = await seasonalLosses(some, 168, range);
  const candidate = await seasonalLosses(some, 169, range);
  const lines = ['target_time,station_id,stable_abs_error_kw,candidate_abs_error_kw'];
  for (let hour = 0; hour < stable.hours; hour++)
    for (const [s, { station_id }] of some.stations.entries()) {
      const kw = ({ absolute }: StationHourLosses) => (absolute[s * stable.hours + hour] ?? Number.NaN).toPrecision(3);
      lines.push(`${isoOfHour(from_h + hour)},${station_id},${Number(kw(stable))},${Number(kw(candidate))}`);
    }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(exampleFile, gzipSync(await exampleLosses()));
