import { Ajv } from 'ajv';
import { type Dispatcher, request } from 'undici';
import { boundedText } from '../core/bounded-body.ts';
import { parityBreak } from '../core/judge/parity.ts';
import { lazily } from '../core/lazily.ts';
import { type ForecastRecord, LEADS } from '../core/record.ts';
import { inputDigest } from '../core/release.ts';
import { hourOfIso } from '../core/telemetry.ts';
import type { RecomputeRequest, RecomputeResponse } from '../core/workload.ts';
import type { History } from './history.ts';
import { listeningLimit } from './listening-limit.ts';

export type ParityResult = {
  checked: number;
  broken: Set<ForecastRecord>;
  first_break: string | null;
  /** Why some could not be recomputed, and which; those are neither checked nor broken. */
  unavailable: string | null;
  left: Set<ForecastRecord | undefined>;
};

/** Forecasts in one recomputation: two weeks of history each keep the body below half a megabyte. */
export const MAX_ITEMS = 50;
const TIMEOUT_MS = 5000;
/** MAX_ITEMS forecasts of 24 values of up to 24 characters are 30 kB. */
const ANSWER_LIMIT_BYTES = 2 ** 20;

const validator = lazily(() =>
  new Ajv().compile<RecomputeResponse>({
    type: 'object',
    required: ['values_kw'],
    properties: {
      values_kw: {
        type: 'array',
        maxItems: MAX_ITEMS,
        items: { type: 'array', minItems: LEADS, maxItems: LEADS, items: { type: 'number', nullable: true } },
      },
    },
  }),
);

type Item = { record: ForecastRecord; history_kw: Float64Array; scale_kw: number };

/** Whether a record can be held against a recomputation: a fallback's answer is another predictor's, and null values are `invalid`. */
export function comparable(record: ForecastRecord): boolean {
  return !record.fallback && record.values_kw.every((value) => value !== null);
}

/** Recomputes served forecasts of one arm of one release from the log's own view of their inputs, in another process, and compares. */
export class Parity {
  readonly #options: { url: string; dispatcher: Dispatcher; signal: AbortSignal };

  constructor(options: { url: string; dispatcher: Dispatcher; signal: AbortSignal }) {
    this.#options = options;
  }

  async check(records: readonly ForecastRecord[], history: History, scales_kw: Float64Array): Promise<ParityResult> {
    const result: ParityResult = {
      checked: 0,
      broken: new Set(),
      first_break: null,
      unavailable: null,
      left: new Set(),
    };
    const items = records.filter(comparable).flatMap((record) => itemOf(record, history, scales_kw));
    const sameInputs = items.filter((item) => this.#sameInputs(item, result));
    // A recomputer that does not answer once is not waited for again in this check.
    let start = 0;
    for (; start < sameInputs.length && result.unavailable === null; start += MAX_ITEMS)
      await this.#recompute(sameInputs.slice(start, start + MAX_ITEMS), result);
    for (const { record } of sameInputs.slice(start)) result.left.add(record);
    return result;
  }

  #sameInputs({ record, history_kw }: Item, result: ParityResult): boolean {
    const expected = inputDigest(record.station_id, hourOfIso(record.issue_time), history_kw);
    if (record.input_digest === expected) return true;
    result.checked++;
    found(result, record, 'was made from other inputs than the log had at its issue time');
    return false;
  }

  async #recompute(items: readonly Item[], result: ParityResult): Promise<void> {
    let values_kw: RecomputeResponse['values_kw'];
    try {
      values_kw = await this.#ask(items);
    } catch (error) {
      result.unavailable = error instanceof Error ? error.message : String(error);
      for (const { record } of items) result.left.add(record);
      return;
    }
    for (const [i, { record, scale_kw }] of items.entries()) {
      const recomputed = values_kw[i] ?? [];
      const lead = parityBreak(record.values_kw, recomputed, scale_kw);
      result.checked++;
      if (lead !== null)
        found(
          result,
          record,
          `says ${record.values_kw[lead]} kW at lead ${lead + 1}, recomputed ${recomputed[lead]} kW`,
        );
    }
  }

  #ask(items: readonly Item[]): Promise<RecomputeResponse['values_kw']> {
    const { release = '', arm = '' } = items[0]?.record ?? {};
    return this.recompute(
      { release, arm },
      items.map(({ record: { station_id, issue_time }, history_kw }) => ({ station_id, issue_time, history_kw })),
    );
  }

  /** Forecasts of at most MAX_ITEMS inputs, made again by a release's model; throws where the recomputer does not answer so. */
  async recompute(
    { release, arm }: { release: string; arm: string },
    items: readonly { station_id: string; issue_time: string; history_kw: Float64Array }[],
  ): Promise<RecomputeResponse['values_kw']> {
    const { url, dispatcher, signal } = this.#options;
    const body: RecomputeRequest = {
      release,
      arm,
      items: items.map(({ history_kw, ...item }) => ({
        ...item,
        history_kw: Array.from(history_kw, (value) => (Number.isNaN(value) ? null : value)),
      })),
    };
    const limit = listeningLimit(TIMEOUT_MS);
    try {
      const answer = await request(`${url}/v1/recompute`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        dispatcher,
        signal: AbortSignal.any([signal, limit.signal]),
      });
      const text = await boundedText(answer.body, ANSWER_LIMIT_BYTES);
      if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      return this.#values(JSON.parse(text), items.length);
    } finally {
      limit.stop();
    }
  }

  #values(parsed: unknown, items: number): RecomputeResponse['values_kw'] {
    const valid = validator();
    if (!valid(parsed) || parsed.values_kw.length !== items)
      throw new Error(`${this.#options.url} answered a recomputation of another shape than ${items} x ${LEADS}`);
    return parsed.values_kw;
  }
}

function itemOf(record: ForecastRecord, history: History, scales_kw: Float64Array): Item[] {
  const station = history.station(record.station_id);
  const issue_h = hourOfIso(record.issue_time);
  if (station === undefined || !history.covers(issue_h)) return [];
  const history_kw = history.inputs(station, issue_h);
  const scale_kw = scales_kw[station] ?? Number.NaN;
  return [{ record, history_kw, scale_kw: Number.isNaN(scale_kw) ? meanSize(history_kw) : scale_kw }];
}

/** Stands in for m_s while nothing is known of a station's errors. */
function meanSize(history_kw: Float64Array): number {
  const known = history_kw.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(known.length, 1);
}

function found(result: ParityResult, record: ForecastRecord, what: string): void {
  result.broken.add(record);
  result.first_break ??= `the ${record.purpose} forecast of station ${record.station_id} issued ${record.issue_time} ${what}`;
}
