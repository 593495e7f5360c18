import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import { boundedBytes } from '../core/bounded-body.ts';
import { COLUMNAR_TYPE } from '../core/columnar-answer.ts';
import { DIGEST_BYTES, emptyColumns, type ForecastColumns } from '../core/forecast-columns.ts';
import { LEADS, MAX_BATCH, PURPOSE_HEADER } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { listeningLimit } from './listening-limit.ts';
import { type Question, Refusal, readAnswer } from './side-answer.ts';

/** What one side answered for one issue hour, a row for each station in their order. */
export type SideResult = { answer: ForecastColumns } | { failure: string };

/** As `listeningLimit` counts it, like the patience below. A server waits up to 2 s for its history before it says 503. */
const ATTEMPT_MS = 4000;
/** An attempt begins at most so long after the first. */
const PATIENCE_MS = 8000;
const FIRST_RETRY_MS = 100;
/** MAX_BATCH forecasts of 24 values of up to 24 characters, with names, and then some. */
const ANSWER_LIMIT_BYTES = 8 * 2 ** 20;
const MOST_RETRY_MS = 1000;

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
  const batches: ForecastColumns[] = [];
  try {
    for (let start = 0; start < options.stations.length; start += MAX_BATCH) {
      const station_ids = options.stations.slice(start, start + MAX_BATCH);
      batches.push(await askPatiently({ ...options, station_ids }));
    }
    return { answer: joined(batches, options.stations.length) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

type Ask = Question & { dispatcher: Dispatcher; signal: AbortSignal };

/**
 * A pod that just went, a proxy that starts again, a server that still catches up: all answer a little later, and a lost hour costs the 24
 * target hours that need it. What the other end says on purpose (4xx, or an answer that is no forecast) is not asked again.
 */
async function askPatiently(ask: Ask): Promise<ForecastColumns> {
  const patience = listeningLimit(PATIENCE_MS);
  try {
    for (let wait_ms = FIRST_RETRY_MS; ; wait_ms = Math.min(2 * wait_ms, MOST_RETRY_MS)) {
      try {
        return await askOnce(ask);
      } catch (error) {
        if (ask.signal.aborted || error instanceof Refusal || patience.signal.aborted) throw error;
        await delay(wait_ms, undefined, { signal: ask.signal });
      }
    }
  } finally {
    patience.stop();
  }
}

async function askOnce(ask: Ask): Promise<ForecastColumns> {
  const limit = listeningLimit(ATTEMPT_MS);
  try {
    return await answered({ ...ask, signal: AbortSignal.any([ask.signal, limit.signal]) });
  } finally {
    limit.stop();
  }
}

async function answered(ask: Ask): Promise<ForecastColumns> {
  const { url, issue_h, station_ids, arm, dispatcher, signal } = ask;
  const { statusCode, headers, body } = await request(`${url}/v1/forecast`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // Servers that know no other form than JSON answer it.
      accept: `${COLUMNAR_TYPE}, application/json`,
      [PURPOSE_HEADER]: 'pair',
    },
    body: JSON.stringify({ issue_time: isoOfHour(issue_h), station_ids, arm }),
    dispatcher,
    signal,
  });
  const bytes = await boundedBytes(body, ANSWER_LIMIT_BYTES);
  const problem = `${url} answered ${statusCode}: ${bytes.toString('utf8', 0, 300)}`;
  if (statusCode >= 500) throw new Error(problem);
  if (statusCode !== 200) throw new Refusal(problem);
  return readAnswer({ type: headers['content-type'], bytes }, ask);
}

/** All batches' rows below each other; pods take turns, so two batches may come from different versions. */
function joined(batches: readonly ForecastColumns[], stations: number): ForecastColumns {
  const [first] = batches;
  if (first === undefined) throw new Error('no station is known yet');
  const all = emptyColumns(stations, first);
  let row = 0;
  for (const { release, pod_hash, arm, values_kw, digests, fallback } of batches) {
    if (release !== first.release || pod_hash !== first.pod_hash || arm !== first.arm)
      throw new Error(`one answer mixes releases ${first.release} and ${release} or pod hashes`);
    all.values_kw.set(values_kw, row * LEADS);
    all.digests.set(digests, row * DIGEST_BYTES);
    all.fallback.set(fallback, row);
    row += fallback.length;
  }
  return all;
}
