/** Why a forecast was asked for: only `pair` records enter accuracy. */
export type Purpose = 'pair' | 'served' | 'mirror';

/** Hours after the issue time that one forecast covers; `values_kw[k - 1]` is target hour issue_time + k. */
export const LEADS = 24;

/** Header by which a caller says why it asks; absent means `served`. */
export const PURPOSE_HEADER = 'x-gridramp-purpose';

/** Header that names the one station of a routed call; Envoy hashes it, so that a station keeps its version. */
export const STATION_HEADER = 'x-station-id';

/**
 * One forecast as a pod made it. Key: release, arm, station_id, issue_time, purpose.
 * Times are ISO 8601 UTC to the hour ("2016-08-07T05:00:00Z") and name the END of an hour.
 */
export type ForecastRecord = {
  release: string;
  pod_hash: string;
  arm: string;
  station_id: string;
  issue_time: string;
  /** `inputDigest` of exactly the history the forecast was made from. */
  input_digest: string;
  /** Length LEADS, in kW; null where the predictor gave no finite number (JSON has no NaN). */
  values_kw: (number | null)[];
  purpose: Purpose;
  /** True when another than the release's own predictor on its first backend answered. */
  fallback: boolean;
  latency_ms: number;
};

/** Body of `POST /v1/forecast` on a model server: one station on a routed call, many when a Service is addressed directly. */
export type ForecastRequest = {
  issue_time: string;
  station_ids: string[];
  /** Absent: the default arm. */
  arm?: string;
  /** Whether records have the ends of the interval that holds 90 % of readings. */
  intervals?: boolean;
  /** For each station, up to HISTORY_HOURS readings, the last of the issue hour; absent: what the server knows. */
  history_kw?: (number | null)[][];
};

/** Answer of `POST /v1/forecast`; `records` in the order of `station_ids`. */
export type ForecastResponse = { records: ForecastRecord[] };

/** Body of `POST /v1/forecasts` on the scorer. */
export type RecordBatch = { records: ForecastRecord[] };

/** Most stations in one call, and most records in one batch. */
export const MAX_BATCH = 1000;
