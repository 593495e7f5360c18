import { setTimeout as delay } from 'node:timers/promises';
import { Ajv } from 'ajv';
import { type Dispatcher, request } from 'undici';
import { boundedText } from '../core/bounded-body.ts';
import { lazily } from '../core/lazily.ts';
import { type ForecastRecord, type ForecastResponse, LEADS, MAX_BATCH, PURPOSE_HEADER } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { forecastRecordSchema } from './schemas.ts';

/** What one side answered for one issue hour, all stations in their order. */
export type SideAnswer = {
  release: string;
  pod_hash: string;
  arm: string;
  /** `[station * LEADS + lead - 1]`; NaN where the predictor gave no finite number. */
  values_kw: Float64Array;
  records: ForecastRecord[];
};

export type SideResult = { answer: SideAnswer } | { failure: string };

/** A server waits up to 2 s for its history before it says 503. */
const ATTEMPT_MS = 4000;
/** An attempt begins at most so long after the first. */
const PATIENCE_MS = 8000;
const FIRST_RETRY_MS = 100;
/** MAX_BATCH forecasts of 24 values of up to 24 characters, with names, and then some. */
const ANSWER_LIMIT_BYTES = 8 * 2 ** 20;
const MOST_RETRY_MS = 1000;

const DIGEST = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
const validator = lazily(() =>
  new Ajv().compile<ForecastResponse>({
    type: 'object',
    required: ['records'],
    properties: { records: { type: 'array', maxItems: MAX_BATCH, items: forecastRecordSchema(DIGEST) } },
  }),
);

/** Asks one version's Service for the same issue hour at all stations; never throws for what the other end does. */
export async function askSide(options: {
  url: string;
  issue_h: number;
  stations: readonly string[];
  /** Absent: the default arm. */
  arm?: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
}): Promise<SideResult> {
  const records: ForecastRecord[] = [];
  try {
    for (let start = 0; start < options.stations.length; start += MAX_BATCH) {
      const station_ids = options.stations.slice(start, start + MAX_BATCH);
      records.push(...(await askPatiently({ ...options, station_ids })));
    }
    return { answer: assemble(records, options.stations.length) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

type Ask = {
  url: string;
  issue_h: number;
  station_ids: string[];
  arm?: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
};

/**
 * A pod that just went, a proxy that starts again, a server that still catches up: all answer a little later, and a lost hour costs the 24
 * target hours that need it. What the other end says on purpose (4xx, or an answer that is no forecast) is not asked again.
 */
async function askPatiently(ask: Ask): Promise<ForecastRecord[]> {
  const deadline_ms = performance.now() + PATIENCE_MS;
  for (let wait_ms = FIRST_RETRY_MS; ; wait_ms = Math.min(2 * wait_ms, MOST_RETRY_MS)) {
    try {
      return await askOnce(ask);
    } catch (error) {
      if (ask.signal.aborted || error instanceof Refusal || performance.now() + wait_ms > deadline_ms) throw error;
      await delay(wait_ms, undefined, { signal: ask.signal });
    }
  }
}

/** An answer that asking again would not change. */
class Refusal extends Error {}

async function askOnce({ url, issue_h, station_ids, arm, dispatcher, signal }: Ask): Promise<ForecastRecord[]> {
  const issue_time = isoOfHour(issue_h);
  const { statusCode, body } = await request(`${url}/v1/forecast`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PURPOSE_HEADER]: 'pair' },
    body: JSON.stringify({ issue_time, station_ids, arm }),
    dispatcher,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]),
  });
  const text = await boundedText(body, ANSWER_LIMIT_BYTES);
  const problem = `${url} answered ${statusCode}: ${text.slice(0, 300)}`;
  if (statusCode >= 500) throw new Error(problem);
  if (statusCode !== 200) throw new Refusal(problem);
  const answer: unknown = JSON.parse(text);
  const valid = validator();
  if (!valid(answer)) {
    const [fault] = valid.errors ?? [];
    throw new Refusal(`${url} answered a bad forecast: ${fault?.instancePath ?? ''} ${fault?.message ?? ''}`);
  }
  checkAsked(answer.records, { issue_time, station_ids, arm }, url);
  return answer.records;
}

function checkAsked(
  records: readonly ForecastRecord[],
  { issue_time, station_ids, arm }: { issue_time: string; station_ids: readonly string[]; arm: string | undefined },
  url: string,
) {
  if (records.length !== station_ids.length)
    throw new Refusal(`${url} answered ${records.length} forecasts for ${station_ids.length} stations`);
  for (const [i, record] of records.entries()) {
    if (record.station_id !== station_ids[i])
      throw new Refusal(`${url} answered station ${record.station_id} where ${station_ids[i]} was asked`);
    if (arm !== undefined && record.arm !== arm)
      throw new Refusal(`${url} answered arm ${record.arm} where ${arm} was asked`);
    if (record.issue_time !== issue_time)
      throw new Refusal(`${url} answered issue time ${record.issue_time} where ${issue_time} was asked`);
  }
}

function assemble(records: ForecastRecord[], stations: number): SideAnswer {
  const [first] = records;
  if (first === undefined) throw new Error('no station is known yet');
  const { release, pod_hash, arm } = first;
  const values_kw = new Float64Array(stations * LEADS);
  for (const [s, record] of records.entries()) {
    if (record.release !== release || record.pod_hash !== pod_hash || record.arm !== arm)
      throw new Error(`one answer mixes releases ${release} and ${record.release} or pod hashes`);
    for (let i = 0; i < LEADS; i++) values_kw[s * LEADS + i] = record.values_kw[i] ?? Number.NaN;
  }
  return { release, pod_hash, arm, values_kw, records };
}
