import { type ForecastRecord, LEADS, type Purpose } from './record.ts';

/** Bytes of one forecast's input digest. */
export const DIGEST_BYTES = 32;

/**
 * Forecasts of one arm of one release for one issue hour, column by column: a record each would cost more to make than to judge. Row r
 * belongs to the r-th station that was asked for.
 */
export type ForecastColumns = {
  release: string;
  pod_hash: string;
  arm: string;
  issue_time: string;
  /** Of the whole call. */
  latency_ms: number;
  /** `[row * LEADS + lead - 1]`, in kW; NaN where the predictor gave no finite number. */
  values_kw: Float64Array;
  /** `[row * DIGEST_BYTES + i]`: what `input_digest` has in hexadecimal. */
  digests: Uint8Array;
  /** Per row: 1 where another predictor than the release's own answered, else 0. */
  fallback: Uint8Array;
};

/** Columns for so many forecasts that are still to be filled in. */
export function emptyColumns(
  rows: number,
  common: Pick<ForecastColumns, 'release' | 'pod_hash' | 'arm' | 'issue_time' | 'latency_ms'>,
): ForecastColumns {
  const { release, pod_hash, arm, issue_time, latency_ms } = common;
  return {
    ...{ release, pod_hash, arm, issue_time, latency_ms },
    values_kw: new Float64Array(rows * LEADS),
    digests: new Uint8Array(rows * DIGEST_BYTES),
    fallback: new Uint8Array(rows),
  };
}

/** Records of one answer, whose digests are well formed, as columns; a RangeError where they are not of one release, arm and issue hour. */
export function columnsOf(records: readonly ForecastRecord[]): ForecastColumns {
  const [first] = records;
  if (first === undefined) throw new RangeError('there are no forecasts');
  const columns = emptyColumns(records.length, first);
  for (const [row, record] of records.entries()) {
    for (const field of ['release', 'pod_hash', 'arm', 'issue_time'] as const)
      if (record[field] !== first[field])
        throw new RangeError(`one answer mixes ${field} "${first[field]}" and "${record[field]}"`);
    for (let i = 0; i < LEADS; i++) columns.values_kw[row * LEADS + i] = record.values_kw[i] ?? Number.NaN;
    columns.digests.set(Buffer.from(record.input_digest.slice('sha256:'.length), 'hex'), row * DIGEST_BYTES);
    columns.fallback[row] = Number(record.fallback);
    columns.latency_ms = Math.max(columns.latency_ms, record.latency_ms);
  }
  return columns;
}

/** One row as the record that it stands for. */
export function recordOf(
  columns: ForecastColumns,
  row: number,
  { station_id, purpose }: { station_id: string; purpose: Purpose },
): ForecastRecord {
  const { release, pod_hash, arm, issue_time, latency_ms, values_kw, digests, fallback } = columns;
  const digest = Buffer.from(digests.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES));
  return {
    ...{ release, pod_hash, arm, station_id, issue_time },
    input_digest: `sha256:${digest.toString('hex')}`,
    values_kw: leadsOf(values_kw, row),
    purpose,
    fallback: fallback[row] === 1,
    latency_ms,
  };
}

/** One row's values; JSON has no NaN: what is no number is null. */
export function leadsOf(values_kw: Float64Array, row: number): (number | null)[] {
  return Array.from(values_kw.subarray(row * LEADS, (row + 1) * LEADS), (value) =>
    Number.isFinite(value) ? value : null,
  );
}

/** Whether a row of values has a number in every lead. */
export function isWhole(values_kw: Float64Array, row: number): boolean {
  for (let i = row * LEADS; i < (row + 1) * LEADS; i++) if (!Number.isFinite(values_kw[i])) return false;
  return true;
}
