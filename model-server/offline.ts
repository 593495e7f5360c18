import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { fillKnown, type Lateness, onTime } from './known-hours.ts';
import { LearnedStates } from './learned-states.ts';
import { type Batch, type Forecast, learnedBy, type Predictor } from './predictor.ts';
import { rowOf } from './row-of.ts';

/** Forecasts of consecutive issue hours: hour `from_h + i · stride_h` of station s starts at (i · stations + s) · LEADS. */
export type ForecastBlock = { from_h: number; stride_h: number; hours: number } & Forecast;

export type OfflineOptions = { stride_h?: number; lateness?: Lateness };

/** Rows of one call: large enough that a call costs nothing, small enough for 11 MB of history. */
const BATCH_ROWS = 4096;

/**
 * Forecasts every station at every `stride_h`-th hour from `from_h` up to, not including, `to_h`, with the inputs that a server would have
 * at that hour: what is known of the history by then and nothing later. Hours before the telemetry's first are missing.
 * A predictor that learns begins to at `from_h`.
 */
export async function forecastRange(
  predictor: Predictor,
  telemetry: Telemetry,
  from_h: number,
  to_h: number,
  onBlock: (block: ForecastBlock) => void,
  options: OfflineOptions = {},
): Promise<void> {
  await offlineForecasts(predictor, telemetry, options)(from_h, to_h, onBlock);
}

/** As `forecastRange`, for ranges that follow each other: what was learned in one is known in the next. */
export function offlineForecasts(
  predictor: Predictor,
  telemetry: Telemetry,
  { stride_h = 1, lateness = onTime }: OfflineOptions = {},
): (from_h: number, to_h: number, onBlock: (block: ForecastBlock) => void) => Promise<void> {
  const hours_per_block = Math.max(1, Math.floor(BATCH_ROWS / telemetry.stations.length));
  let states: LearnedStates | undefined;
  let begin_h: number | undefined;
  return async (from_h, to_h, onBlock) => {
    if (from_h < telemetry.start_h || to_h > telemetry.start_h + telemetry.hours)
      throw new RangeError(
        `hours ${from_h} to ${to_h} are not within ${telemetry.name}: ${telemetry.start_h} to ${telemetry.start_h + telemetry.hours}`,
      );
    begin_h ??= from_h;
    if (predictor.learning) states ??= new LearnedStates(predictor.learning, telemetry, begin_h, lateness);
    for (let block_h = from_h; block_h < to_h; block_h += hours_per_block * stride_h) {
      const hours = Math.min(hours_per_block, Math.ceil((to_h - block_h) / stride_h));
      const batch = batchOf(telemetry, lateness, { from_h: block_h, stride_h, hours });
      const forecast = await predictor.forecast(states === undefined ? batch : await taught(batch, states, begin_h));
      if (forecast.fallback !== undefined)
        throw new Error(
          `${forecast.fallback.from} does not answer (${forecast.fallback.reason}): nothing may be judged by its fallback`,
        );
      const { length } = forecast.values_kw;
      if (length !== batch.issue_h.length * LEADS)
        throw new RangeError(`${predictor.kind} gave ${length} values for ${batch.issue_h.length} forecasts`);
      onBlock({ from_h: block_h, stride_h, hours, ...forecast });
    }
  };
}

function batchOf(
  telemetry: Telemetry,
  lateness: Lateness,
  { from_h, stride_h, hours }: { from_h: number; stride_h: number; hours: number },
): Batch {
  const stations = telemetry.stations.length;
  const rows = hours * stations;
  const issue_h = new Int32Array(rows);
  const history_kw = new Float64Array(rows * HISTORY_HOURS);
  const station_ids = new Array<string>(rows);
  for (let row = 0; row < rows; row++) {
    const station = row % stations;
    const now_h = from_h + Math.floor(row / stations) * stride_h;
    issue_h[row] = now_h;
    station_ids[row] = telemetry.stations[station]?.station_id ?? '';
    fillKnown(telemetry, lateness, { station, now_h }, rowOf(history_kw, row, HISTORY_HOURS));
  }
  return { station_ids, issue_h, history_kw };
}

/** With the states that each row's issue hour has, from `begin_h` on; rows of one hour follow each other. */
async function taught(batch: Batch, states: LearnedStates, begin_h: number): Promise<Batch> {
  const of_rows = new Float64Array(batch.issue_h.length * states.size);
  let at = 0;
  while (at < of_rows.length) {
    const now = await states.at(Math.max(begin_h, learnedBy(batch.issue_h[at / states.size] ?? 0)));
    of_rows.set(now, at);
    at += now.length;
  }
  return { ...batch, states: of_rows };
}
