import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import type { Predictor } from './predictor.ts';

/** Forecasts of consecutive issue hours: hour `from_h + i · stride_h` of station s starts at (i · stations + s) · LEADS. */
export type ForecastBlock = { from_h: number; stride_h: number; hours: number; values_kw: Float64Array };

/** How long after its hour a reading becomes known, in whole hours up to `max_h`; recorded sets do not say it themselves. */
export type Lateness = { max_h: number; hours: (station: number, target_h: number) => number };

/** Every reading is known as soon as its hour ends. */
const onTime: Lateness = { max_h: 0, hours: () => 0 };

/** Rows of one call: large enough that a call costs nothing, small enough for 11 MB of history. */
const BATCH_ROWS = 4096;

/**
 * Forecasts every station at every `stride_h`-th hour from `from_h` up to, not including, `to_h`, with the inputs that a server would have
 * at that hour: what is known of the history by then and nothing later. Hours before the telemetry's first are missing.
 */
export async function forecastRange(
  predictor: Predictor,
  telemetry: Telemetry,
  from_h: number,
  to_h: number,
  onBlock: (block: ForecastBlock) => void,
  { stride_h = 1, lateness = onTime }: { stride_h?: number; lateness?: Lateness } = {},
): Promise<void> {
  if (from_h < telemetry.start_h || to_h > telemetry.start_h + telemetry.hours)
    throw new RangeError(
      `hours ${from_h} to ${to_h} are not within ${telemetry.name}: ${telemetry.start_h} to ${telemetry.start_h + telemetry.hours}`,
    );
  const station_ids = telemetry.stations.map(({ station_id }) => station_id);
  const hours_per_block = Math.max(1, Math.floor(BATCH_ROWS / station_ids.length));
  for (let block_h = from_h; block_h < to_h; block_h += hours_per_block * stride_h) {
    const hours = Math.min(hours_per_block, Math.ceil((to_h - block_h) / stride_h));
    const rows = hours * station_ids.length;
    const issue_h = new Int32Array(rows);
    const history_kw = new Float64Array(rows * HISTORY_HOURS);
    const ids = new Array<string>(rows);
    for (let row = 0; row < rows; row++) {
      const station = row % station_ids.length;
      issue_h[row] = block_h + Math.floor(row / station_ids.length) * stride_h;
      ids[row] = station_ids[station] ?? '';
      const history = history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS);
      copyHistory(telemetry, station, issue_h[row] ?? 0, history);
      forgetLate(lateness, station, issue_h[row] ?? 0, history);
    }
    const values_kw = await predictor.forecast({ station_ids: ids, issue_h, history_kw });
    if (values_kw.length !== rows * LEADS)
      throw new RangeError(`${predictor.kind} gave ${values_kw.length} values for ${rows} forecasts`);
    onBlock({ from_h: block_h, stride_h, hours, values_kw });
  }
}

function copyHistory({ values_kw, start_h }: Telemetry, station: number, issue_h: number, out: Float64Array): void {
  const end = issue_h - start_h + 1;
  const from = Math.max(0, end - HISTORY_HOURS);
  out.fill(Number.NaN, 0, HISTORY_HOURS - (end - from));
  out.set(values_kw[station]?.subarray(from, end) ?? [], HISTORY_HOURS - (end - from));
}

/** Readings that are still on their way at the issue hour are missing. */
function forgetLate({ max_h, hours }: Lateness, station: number, issue_h: number, history_kw: Float64Array): void {
  for (let ago_h = 0; ago_h < max_h; ago_h++)
    if (hours(station, issue_h - ago_h) > ago_h) history_kw[HISTORY_HOURS - 1 - ago_h] = Number.NaN;
}
