import type { Span } from '@opentelemetry/api';
import { DIGEST_BYTES } from '../core/forecast-columns.ts';
import { inputHash } from '../core/release.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import type { ServerConfig } from './config.ts';
import type { History } from './history.ts';
import type { Lasting } from './in-order.ts';
import { type Block, beginning, Made } from './made.ts';
import type { Measures } from './measures.ts';
import { Memory } from './memory.ts';
import type { Batch, Forecast } from './predictor.ts';
import { Problem } from './problem.ts';
import { rowOf } from './row-of.ts';
import { type Spans, timed } from './spans.ts';
import { Together } from './together.ts';

type Parts = {
  config: Pick<ServerConfig, 'release' | 'pod_hash' | 'arm'>;
  history: History;
  measures: Measures;
  /** Of an arm, or of the default one; undefined until the model is loaded. */
  predictor: (arm: string | undefined) => Lasting | undefined;
  /** With the states that its rows have at their issue hour, where the predictor learns. */
  taught: (model: Lasting, batch: Batch) => Promise<Batch>;
  spans: Spans | undefined;
};

type Asked = {
  station_ids: readonly string[];
  /** `isoOfHour(issue_h)`. */
  issue_time: string;
  issue_h: number;
  /** HISTORY_HOURS of each station, where the caller sent them: else those of the log, which has reached `issue_h`. */
  history_kw: Float64Array | undefined;
  /** Of the request. */
  span: Span | undefined;
};

/** Makes forecasts once: together with others, and remembered. */
export class Forecaster {
  readonly memory = new Memory();
  readonly #parts: Parts;
  readonly #together = new WeakMap<Lasting, Together<Asker>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws a Problem where there is no such arm, or no model yet. */
  check(arm: string | undefined): Lasting {
    const model = this.#parts.predictor(arm);
    if (model === undefined) throw new Problem(503, 'not-ready', 'the model is not loaded yet');
    return model;
  }

  /** The forecasts of the stations at `places`, in that order. */
  async forecast(
    { station_ids, issue_time, issue_h, history_kw, span }: Asked,
    arm: string | undefined,
    places: readonly number[] = [...station_ids.keys()],
  ): Promise<Made[]> {
    const model = this.check(arm);
    const { history } = this.#parts;
    const from = { model, arm: arm ?? this.#parts.config.arm, issue_time, span };
    if (history_kw !== undefined) return this.#make(from, ownBatch(station_ids, issue_h, history_kw, places), null);
    if (model.impure) return this.#makeKnown(from, history.batch(station_ids, issue_h, places));
    history.checkKept(issue_h);
    const memory = this.memory.of(from.arm, issue_h);
    const missing = places.filter((place) => !memory.has(station_ids[place] ?? ''));
    this.#parts.measures.remembered.inc(places.length - missing.length);
    if (missing.length === 0) return places.flatMap((place) => memory.get(station_ids[place] ?? '') ?? []);
    const fresh = await this.#makeKnown(from, history.batch(station_ids, issue_h, missing));
    for (const [row, place] of missing.entries()) {
      const made = fresh[row];
      // What another predictor stood in for is asked of the model again.
      if (made !== undefined && made.block.fallback[made.row] === 0) memory.set(station_ids[place] ?? '', made);
    }
    const made = new Map(missing.map((place, row) => [place, fresh[row]]));
    return places.flatMap((place) => made.get(place) ?? memory.get(station_ids[place] ?? '') ?? []);
  }

  #makeKnown(from: From, batch: Batch): Promise<Made[]> {
    return this.#make(from, batch, digestsOf(batch));
  }

  async #make({ model, arm, issue_time, span }: From, batch: Batch, digests: Uint8Array | null): Promise<Made[]> {
    const { release, pod_hash } = this.#parts.config;
    const common = { release, pod_hash, arm, issue_time };
    const rows = batch.issue_h.length;
    const part = { name: 'batch', attributes: { 'gridramp.arm': arm, 'gridramp.stations': rows } } as const;
    const forecast = await timed(this.#parts.spans, [span], part, async (batched) =>
      this.#ask(model, await this.#parts.taught(model, batch), { arm, span: batched }),
    );
    if (forecast.fallback !== undefined) this.#parts.measures.fallbacks.inc(forecast.fallback, rows);
    const fallback = new Uint8Array(rows).fill(Number(forecast.fallback !== undefined));
    const block: Block = { common, begin: beginning(common), forecast, digests, fallback };
    return batch.station_ids.map((station_id, row) => new Made(block, row, station_id));
  }

  #ask(model: Lasting, batch: Batch, asker: Asker): Promise<Forecast> {
    if (model.impure) return this.#predict(model, batch, [asker]);
    const together = this.#together.get(model) ?? new Together((rows, askers) => this.#predict(model, rows, askers));
    this.#together.set(model, together);
    return together.forecast(batch, asker);
  }

  #predict(model: Lasting, batch: Batch, askers: readonly Asker[]): Promise<Forecast> {
    const rows = batch.issue_h.length;
    this.#parts.measures.calls.observe(rows);
    const attributes = { 'gridramp.arm': askers[0]?.arm, 'gridramp.stations': rows };
    const parents = askers.map(({ span }) => span);
    return timed(this.#parts.spans, parents, { name: 'predict', attributes }, async (span) => {
      const began_ms = performance.now();
      const forecast = await model.forecast(batch);
      this.#parts.measures.predict_s.inc({ kind: model.kind }, (performance.now() - began_ms) / 1000);
      this.#parts.measures.predict_rows.inc({ kind: model.kind }, rows);
      span?.setAttribute('gridramp.backend', forecast.fallback?.to ?? model.standing().wanted);
      return forecast;
    });
  }
}

/** Who waits for a forecast. `span`: what times the wait, where that is recorded. */
type Asker = { arm: string; span: Span | undefined };

type From = { model: Lasting; arm: string; issue_time: string; span: Span | undefined };

function ownBatch(
  station_ids: readonly string[],
  issue_h: number,
  history_kw: Float64Array,
  places: readonly number[],
): Batch {
  const batch = { station_ids, issue_h: new Int32Array(places.length).fill(issue_h), history_kw };
  if (places.length === station_ids.length) return batch;
  const selected_kw = new Float64Array(places.length * HISTORY_HOURS);
  for (const [row, place] of places.entries())
    selected_kw.set(rowOf(history_kw, place, HISTORY_HOURS), row * HISTORY_HOURS);
  return { ...batch, station_ids: places.map((place) => station_ids[place] ?? ''), history_kw: selected_kw };
}

function digestsOf({ station_ids, issue_h, history_kw }: Batch): Uint8Array {
  const digests = new Uint8Array(station_ids.length * DIGEST_BYTES);
  for (const [row, station_id] of station_ids.entries()) {
    const inputs_kw = rowOf(history_kw, row, HISTORY_HOURS);
    digests.set(inputHash(station_id, issue_h[row] ?? 0, inputs_kw), row * DIGEST_BYTES);
  }
  return digests;
}
