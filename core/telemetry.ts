/** One station of a telemetry set. */
export type Station = { station_id: string; name: string; kind?: string; region?: string };

/**
 * A telemetry set in memory: hourly, regular, one column per station.
 * `times_h[i]` are hours since the Unix epoch, each the END of its hour; `values_kw[s][i]` belongs to `stations[s]`, NaN where missing.
 */
export type Telemetry = {
  name: string;
  stations: Station[];
  /** Hours since the epoch of the first row; row i is hour `start_h + i`. */
  start_h: number;
  hours: number;
  /** values_kw[s] has length `hours`. */
  values_kw: Float64Array[];
};

export const HOUR_MS = 3_600_000;

/** No reading or error is larger. More than all power stations of the world: a fill value such as 9.97e36, or a wrong unit. */
export const MOST_KW = 1e12;

/** Hours since the epoch to "2016-08-07T05:00:00Z". */
export function isoOfHour(hour: number): string {
  return new Date(hour * HOUR_MS).toISOString().replace('.000Z', 'Z');
}

/** ISO 8601 UTC on a full hour, as `isoOfHour` writes it, to hours since the epoch; throws a RangeError with the value otherwise. */
export function hourOfIso(iso: string): number {
  const hour = Date.parse(iso) / HOUR_MS;
  // Date.parse takes 30 February for 1 March, and 24:00 for the next day: what exists is written back as it was.
  if (!Number.isInteger(hour) || isoOfHour(hour) !== iso)
    throw new RangeError(`"${iso}" is not a full hour in UTC like 2016-08-07T05:00:00Z`);
  return hour;
}

/** The first target hour of the UTC day that target hour `h` is in: hours are named by their end, so days run 01:00 to 24:00. */
export function firstHourOfDay(h: number): number {
  return 24 * Math.floor((h - 1) / 24) + 1;
}

/** One station's reading in the observation log. `value_kw` null: known to be missing. */
export type Observation = { station_id: string; target_time: string; value_kw: number | null };

/**
 * Everything that became known in one domain hour; body of `POST /v1/observations` on the scorer is `{entries: LogEntryInput[]}`.
 * Entries come in the order of `available_at`; several target hours may arrive in one (late readings).
 */
export type LogEntryInput = { available_at: string; observations: Observation[] };

/** An entry of the scorer's ordered log, `GET /v1/observations?after=SEQ&limit=N&wait_ms=M` → `{entries: LogEntry[], caught_up: boolean}`.
 * An answer holds fewer where they are long; `caught_up` says that there are no more yet.
 * With `last_hours=H` and no `after`: from what became known in the last H hours on, and `stations`, the ids of all stations, which those
 * entries may no longer name. Old entries are dropped: 410 `trimmed` to who asks for entries after one of them. 410 `ahead` to who
 * asks for entries after one that the log does not have: it was emptied, and what was read of it is no longer true.
 */
export type LogEntry = LogEntryInput & { seq: number };

/** Hours of history a predictor may look at: two weeks. */
export const HISTORY_HOURS = 336;

/** Hours of the log that a model server replays at its start: it answers for issue hours up to four days back. The log holds at least these. */
export const REPLAYED_HOURS = HISTORY_HOURS + 96;
