import { DIGEST_BYTES, emptyColumns, type ForecastColumns } from '../core/forecast-columns.ts';
import { type ForecastRecord, LEADS, type Purpose } from '../core/record.ts';
import { plainLeads, tenthsOfWatts } from './leads-text.ts';
import type { Forecast } from './predictor.ts';

type Common = Pick<ForecastRecord, 'release' | 'pod_hash' | 'arm' | 'issue_time'>;

/** Forecasts as one call of a predictor made them: row r of every array is a station's. */
export type Block = {
  /** What all records of it have in common. */
  common: Common;
  /** The same as the beginning of their JSON: see `beginning`. */
  begin: string;
  forecast: Forecast;
  /** DIGEST_BYTES each; null where the caller sent the histories: nobody recomputes those. */
  digests: Uint8Array | null;
  /** 1 where another than the release's own predictor on its first backend answered. */
  fallback: Uint8Array;
};

const told: Record<Purpose, number> = { pair: 1, served: 2, mirror: 4 };

/** One station's forecast, and its record as JSON, which is made once however often it is asked for. */
export class Made {
  readonly block: Block;
  readonly row: number;
  readonly #station_id: string;
  #text: Buffer | undefined;
  #wide: Buffer | undefined;
  #told = 0;

  constructor(block: Block, row: number, station_id: string) {
    this.block = block;
    this.row = row;
    this.#station_id = station_id;
  }

  /** The record's JSON without its last members, which say of the call why it came and how long it took: see `ending`. Not to be changed. */
  get text(): Buffer {
    this.#text ??= Buffer.from(this.#render());
    return this.#text;
  }

  /** The same with the interval. */
  get wide(): Buffer {
    const { low_kw, high_kw } = this.block.forecast;
    this.#wide ??= Buffer.from(`${this.#render()}"low_kw":${this.#leads(low_kw)},"high_kw":${this.#leads(high_kw)},`);
    return this.#wide;
  }

  /** True the first time that it is asked for a purpose: the scorer counts a forecast once for each, and need not be told again. */
  isNewFor(purpose: Purpose): boolean {
    const before = this.#told;
    this.#told |= told[purpose];
    return before !== this.#told;
  }

  #render(): string {
    const { begin, digests, fallback, forecast } = this.block;
    const digest = digests && Buffer.from(digests.buffer, digests.byteOffset + this.row * DIGEST_BYTES, DIGEST_BYTES);
    return (
      `${begin}"station_id":${JSON.stringify(this.#station_id)},` +
      `${digest === null ? '' : `"input_digest":"sha256:${digest.toString('hex')}",`}` +
      `"values_kw":${this.#leads(forecast.values_kw)},"fallback":${fallback[this.row] === 1},`
    );
  }

  #leads(kw: Float64Array): string {
    return this.block.digests === null ? tenthsOfWatts(kw, this.row * LEADS) : plainLeads(kw, this.row * LEADS);
  }
}

/** What begins every record of a block. */
export function beginning({ release, pod_hash, arm, issue_time }: Common): string {
  return `${JSON.stringify({ release, pod_hash, arm, issue_time }).slice(0, -1)},`;
}

/** What ends every record of a call after its `text`. */
export function ending(purpose: Purpose, latency_ms: number): string {
  return `"purpose":"${purpose}","latency_ms":${latency_ms}}`;
}

const OPEN = Buffer.from('{"records":[');

/** An answer of records, each of which ends alike: bytes that are remembered need only be put together, which strings would be slower at. */
export function answerOf(texts: readonly Buffer[], end: string): Buffer {
  const between = Buffer.from(`${end},`);
  const parts: Buffer[] = [OPEN];
  for (const text of texts) parts.push(text, between);
  // What came after the last record is not a comma.
  parts.splice(-1, 1, Buffer.from(`${end}]}`));
  return Buffer.concat(parts);
}

/** Forecasts of one arm from the log's histories, column by column. */
export function columnsOf(made: readonly Made[], latency_ms: number): ForecastColumns {
  const [first] = made;
  if (first === undefined) throw new RangeError('there are no forecasts');
  const columns = emptyColumns(made.length, { ...first.block.common, latency_ms });
  for (const [at, { block, row }] of made.entries()) {
    if (block.digests === null) throw new RangeError("a forecast of a caller's own history has no place among pairs");
    columns.values_kw.set(block.forecast.values_kw.subarray(row * LEADS, (row + 1) * LEADS), at * LEADS);
    columns.digests.set(block.digests.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES), at * DIGEST_BYTES);
    columns.fallback[at] = block.fallback[row] ?? 0;
  }
  return columns;
}
