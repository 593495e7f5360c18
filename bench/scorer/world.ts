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
/** Hours whose digests are kept: more than are asked for at once. */
const KEPT_HOURS = 12;

/** A fleet of any size whose readings are a day's wave with noise. Everything is a function of station and hour. */
export class World {
  readonly stations: string[];
  readonly #noise: Float64Array;
  readonly #series_kw: Float64Array[];
  readonly #start_h = FIRST_H - HISTORY_HOURS;
  readonly #digests = new Map<number, Uint8Array[]>();

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

  /** Made once: both versions forecast from the same inputs. */
  #digest(s: number, issue_h: number): Uint8Array {
    const hour = this.#digests.get(issue_h) ?? new Array<Uint8Array>(this.stations.length);
    this.#digests.set(issue_h, hour);
    this.#digests.delete(issue_h - KEPT_HOURS);
    const known = hour[s];
    if (known !== undefined) return known;
    const from = issue_h - HISTORY_HOURS + 1 - this.#start_h;
    const inputs_kw = this.#series_kw[s]?.subarray(from, from + HISTORY_HOURS) ?? new Float64Array();
    const digest = inputHash(this.stations[s] ?? '', issue_h, inputs_kw);
    hour[s] = digest;
    return digest;
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
