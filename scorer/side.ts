import { Ajv } from 'ajv';
import { type Dispatcher, request } from 'undici';
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
const RETRY_AFTER_MS = 100;

const DIGEST = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
const valid = new Ajv().compile<ForecastResponse>({
  type: 'object',
  required: ['records'],
  properties: { records: { type: 'array', maxItems: MAX_BATCH, items: forecastRecordSchema(DIGEST) } },
});

/** Asks one version's Service for the same issue hour at all stations; never throws for what the other end does. */
export async function askSide(options: {
  url: string;
  issue_h: number;
  stations: readonly string[];
  dispatcher: Dispatcher;
  signal: AbortSignal;
}): Promise<SideResult> {
  const records: ForecastRecord[] = [];
  try {
    for (let start = 0; start < options.stations.length; start += MAX_BATCH) {
      const station_ids = options.stations.slice(start, start + MAX_BATCH);
      records.push(...(await askTwice({ ...options, station_ids })));
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
  dispatcher: Dispatcher;
  signal: AbortSignal;
};

/** A pod that just went leaves one broken call behind; the Service sends the second to another. What hangs is not asked twice. */
async function askTwice(ask: Ask): Promise<ForecastRecord[]> {
  try {
    return await askOnce(ask);
  } catch (error) {
    if (ask.signal.aborted || isTimeout(error)) throw error;
    await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
    return await askOnce(ask);
  }
}

async function askOnce({ url, issue_h, station_ids, dispatcher, signal }: Ask): Promise<ForecastRecord[]> {
  const issue_time = isoOfHour(issue_h);
  const { statusCode, body } = await request(`${url}/v1/forecast`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PURPOSE_HEADER]: 'pair' },
    body: JSON.stringify({ issue_time, station_ids }),
    dispatcher,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text.slice(0, 300)}`);
  const answer: unknown = JSON.parse(text);
  if (!valid(answer)) {
    const [fault] = valid.errors ?? [];
    throw new Error(`${url} answered a bad forecast: ${fault?.instancePath ?? ''} ${fault?.message ?? ''}`);
  }
  checkAsked(answer.records, issue_time, station_ids, url);
  return answer.records;
}

function checkAsked(
  records: readonly ForecastRecord[],
  issue_time: string,
  station_ids: readonly string[],
  url: string,
) {
  if (records.length !== station_ids.length)
    throw new Error(`${url} answered ${records.length} forecasts for ${station_ids.length} stations`);
  for (const [i, record] of records.entries()) {
    if (record.station_id !== station_ids[i])
      throw new Error(`${url} answered station ${record.station_id} where ${station_ids[i]} was asked`);
    if (record.issue_time !== issue_time)
      throw new Error(`${url} answered issue time ${record.issue_time} where ${issue_time} was asked`);
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

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
