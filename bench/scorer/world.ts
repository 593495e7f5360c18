import { DIGEST_BYTES, emptyColumns, type ForecastColumns } from '../../core/forecast-columns.ts';
import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';
import { inputHash } from '../../core/release.ts';
import { HISTORY_HOURS, hourOfIso, isoOfHour } from '../../core/telemetry.ts';
import type { RecomputeResponse } from '../../core/workload.ts';

export const STABLE = `sha256:${'5'.repeat(64)}`;
export const CANDIDATE = `sha256:${'c'.repeat(64)}`;
export const FIRST_H = 420_000;

/** Sizes of the errors, as shares of the reading. */
const STABLE_ERROR = 0.05;
const CANDIDATE_ERROR = 0.049;
/** Distinct numbers of noise: more would only take longer to make. */
const NOISE = 4096;

/** A fleet of any size whose readings are a day's wave with noise. Everything is a function of station and hour. */
export class World {
  readonly stations: string[];
  readonly #noise: Float64Array;
  readonly #series_kw: Float64Array[];
  readonly #start_h = FIRST_H - HISTORY_HOURS;
  /** Of an issue hour, those of all stations in their order. */
  readonly #digests = new Map<number, Uint8Array>();

  /** `hours`: how many from FIRST_H on, before which nothing is known; memory is 8 bytes for each hour of each station. */
  constructor(stations: number, hours: number) {
    const random = randomOf(stations);
    this.stations = Array.from({ length: stations }, (_, s) => `station-${s}`);
    this.#noise = Float64Array.from({ length: NOISE }, () => random() - 0.5);
    this.#series_kw = this.stations.map((_, s) =>
      Float64Array.from({ length: HISTORY_HOURS + hours + LEADS }, (_, i) =>
        i < HISTORY_HOURS ? Number.NaN : this.#reading(s, this.#start_h + i),
      ),
    );
  }

  /** The body of `POST /v1/observations` for one hour. */
  entries(h: number): string {
    return `{"entries":[${this.#entry(h)}]}`;
  }

  /** One version's forecasts: right but for a few percent, the candidate's a little less so. */
  forecasts(side: 'stable' | 'candidate', issue_h: number, stations: readonly number[]): ForecastColumns {
    const stable = side === 'stable';
    const columns = emptyColumns(stations.length, {
      release: stable ? STABLE : CANDIDATE,
      pod_hash: stable ? 'old' : 'new',
      arm: side,
      issue_time: isoOfHour(issue_h),
      latency_ms: 1,
    });
    for (const [row, s] of stations.entries()) {
      columns.values_kw.set(this.#forecast(s, issue_h, stable ? STABLE_ERROR : CANDIDATE_ERROR), row * LEADS);
      columns.digests.set(this.#digest(s, issue_h), row * DIGEST_BYTES);
    }
    return columns;
  }

  /** Hashes the inputs of an issue hour, so that answering takes none of the time that is measured. */
  prepare(issue_h: number): void {
    const digests = new Uint8Array(this.stations.length * DIGEST_BYTES);
    const from = issue_h - HISTORY_HOURS + 1 - this.#start_h;
    for (const [s, series_kw] of this.#series_kw.entries())
      digests.set(
        inputHash(this.stations[s] ?? '', issue_h, series_kw.subarray(from, from + HISTORY_HOURS)),
        s * DIGEST_BYTES,
      );
    this.#digests.set(issue_h, digests);
  }

  /** What the recomputer makes of the candidate's inputs: the same. */
  recomputed(items: readonly { station_id: string; issue_time: string }[]): RecomputeResponse {
    const values_kw = items.map(({ station_id, issue_time }) => {
      const s = Number(station_id.slice('station-'.length));
      return [...this.#forecast(s, hourOfIso(issue_time), CANDIDATE_ERROR)];
    });
    return { values_kw };
  }

  #entry(h: number): string {
    const time = isoOfHour(h);
    const readings = this.stations.map(
      (station_id, s) => `{"station_id":"${station_id}","target_time":"${time}","value_kw":${this.#known(s, h)}}`,
    );
    return `{"available_at":"${time}","observations":[${readings.join()}]}`;
  }

  #forecast(s: number, issue_h: number, error: number): Float64Array {
    const values_kw = new Float64Array(LEADS);
    for (let k = 1; k <= LEADS; k++) {
      const luck = this.#noise[(7919 * s + 31 * issue_h + 17 * k + (error === STABLE_ERROR ? 0 : 1013)) % NOISE] ?? 0;
      values_kw[k - 1] = Math.round(this.#known(s, issue_h + k) * (1 + error * luck) * 1e4) / 1e4;
    }
    return values_kw;
  }

  #digest(s: number, issue_h: number): Uint8Array {
    const digests = this.#digests.get(issue_h);
    if (digests === undefined) throw new RangeError(`hour ${issue_h} was not prepared`);
    return digests.subarray(s * DIGEST_BYTES, (s + 1) * DIGEST_BYTES);
  }

  #known(s: number, h: number): number {
    return this.#series_kw[s]?.[h - this.#start_h] ?? Number.NaN;
  }

  /** To the tenth of a watt, as meters send it. */
  #reading(s: number, h: number): number {
    const wave = 100 + (s % 900) + 30 * Math.sin((2 * Math.PI * h) / 24) + 5 * (this.#noise[(31 * s + h) % NOISE] ?? 0);
    return Math.round(wave * 1e4) / 1e4;
  }
}
