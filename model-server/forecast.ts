import type { FastifyInstance, FastifyRequest } from 'fastify';
import { COLUMNAR_TYPE, encodeColumns } from '../core/columnar-answer.ts';
import { DIGEST_BYTES, type ForecastColumns, recordOf } from '../core/forecast-columns.ts';
import {
  type ForecastRecord,
  type ForecastRequest,
  MAX_BATCH,
  PURPOSE_HEADER,
  type Purpose,
  STATION_HEADER,
} from '../core/record.ts';
import { inputHash } from '../core/release.ts';
import { HISTORY_HOURS, hourOfIso, isoOfHour } from '../core/telemetry.ts';
import type { ServerConfig } from './config.ts';
import type { History } from './history.ts';
import type { Measures } from './measures.ts';
import type { Batch, Predictor } from './predictor.ts';
import { Problem } from './problem.ts';

/** How long a request waits for the log to reach its issue time. */
const BEHIND_WAIT_MS = 2_000;

const body = {
  type: 'object',
  required: ['issue_time', 'station_ids'],
  additionalProperties: false,
  properties: {
    issue_time: { type: 'string', maxLength: 40 },
    arm: { type: 'string', maxLength: 63 },
    station_ids: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_BATCH,
      items: { type: 'string', minLength: 1, maxLength: 200 },
    },
  },
};

export type Forecasting = {
  config: ServerConfig;
  history: History;
  measures: Measures;
  /** Of an arm, or of the default one; undefined until the model is loaded. */
  predictor: (arm: string | undefined) => Predictor | undefined;
  /** The arm that answers each station of a call that names none; undefined: the default one, for the release has no others. */
  armsOf: (station_ids: readonly string[]) => Promise<string[]> | undefined;
  /** Takes the records of forecasts that were not asked for by the scorer itself. */
  send: (records: ForecastRecord[]) => void;
};

/** POST /v1/forecast */
export function forecastRoute(app: FastifyInstance, forecasting: Forecasting): void {
  const { measures } = forecasting;
  app.post<{ Body: ForecastRequest }>('/v1/forecast', {
    schema: { body },
    onResponse: async (request, reply) => {
      const purpose = purposeOf(request) ?? 'invalid';
      measures.requests.inc({ purpose, code: reply.statusCode });
      measures.request_ms.observe({ purpose }, reply.elapsedTime);
    },
    onRequestAbort: async (request) => {
      measures.requests.inc({ purpose: purposeOf(request) ?? 'invalid', code: 'aborted' });
    },
    handler: async (request, reply) => {
      const purpose = purposeOf(request);
      if (purpose === undefined)
        throw new Problem(400, 'invalid-request', `${PURPOSE_HEADER} must be pair, served or mirror`);
      const parts = await forecast(forecasting, request, { purpose, elapsed_ms: () => reply.elapsedTime });
      const { station_ids } = request.body;
      measures.forecasts.inc({ purpose }, station_ids.length);
      const [first] = parts;
      if (purpose === 'pair' && first !== undefined && request.headers.accept?.includes(COLUMNAR_TYPE))
        return reply.type(COLUMNAR_TYPE).send(encodeColumns(first.columns, station_ids));
      const records = recordsOf(parts, station_ids, purpose);
      if (purpose !== 'pair') forecasting.send(records);
      // Serialised by hand: fastify's serialiser would want a schema to be as fast.
      return reply.type('application/json').send(JSON.stringify({ records }));
    },
  });
}

/** The stations of a call that one arm answers, by their places in the call. */
type Part = { arm: string | undefined; rows: readonly number[] };
type AnsweredPart = Part & { columns: ForecastColumns };

async function forecast(
  forecasting: Forecasting,
  request: FastifyRequest<{ Body: ForecastRequest }>,
  { purpose, elapsed_ms }: { purpose: Purpose; elapsed_ms: () => number },
): Promise<AnsweredPart[]> {
  const { config, history, predictor } = forecasting;
  const { station_ids } = request.body;
  checkStation(request.headers[STATION_HEADER], station_ids);
  const issue_h = hourOf(request.body.issue_time);
  if (predictor(request.body.arm) === undefined) throw new Problem(503, 'not-ready', 'the model is not loaded yet');
  if (!(await history.reached(issue_h, BEHIND_WAIT_MS))) throw behind(history, issue_h);
  const whole = history.batch(station_ids, issue_h);
  const answered: AnsweredPart[] = [];
  for (const { arm, rows } of await partsOf(forecasting, request.body, purpose)) {
    const batch = rows.length === station_ids.length ? whole : selected(whole, rows);
    const model = predictor(arm);
    if (model === undefined) throw new Problem(503, 'not-ready', 'the model is not loaded any more');
    const { values_kw } = await model.forecast(batch);
    const columns = {
      release: config.release,
      pod_hash: config.pod_hash,
      arm: arm ?? config.arm,
      issue_time: isoOfHour(issue_h),
      latency_ms: Math.round(elapsed_ms() * 1000) / 1000,
      values_kw,
      digests: digestsOf(batch),
      fallback: new Uint8Array(rows.length),
    };
    answered.push({ arm, rows, columns });
  }
  return answered;
}

/** Whoever pairs names an arm, or means the default one: only served and mirrored calls are divided by the flag. */
async function partsOf(
  { armsOf }: Forecasting,
  { station_ids, arm }: ForecastRequest,
  purpose: Purpose,
): Promise<Part[]> {
  const arms = arm === undefined && purpose !== 'pair' ? await armsOf(station_ids) : undefined;
  if (arms === undefined) return [{ arm, rows: [...station_ids.keys()] }];
  return [...Map.groupBy(arms.keys(), (row) => arms[row])].map(([of, rows]) => ({ arm: of, rows }));
}

function selected({ station_ids, issue_h, history_kw }: Batch, rows: readonly number[]): Batch {
  const selected_kw = new Float64Array(rows.length * HISTORY_HOURS);
  for (const [at, row] of rows.entries())
    selected_kw.set(history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS), at * HISTORY_HOURS);
  return {
    station_ids: rows.map((row) => station_ids[row] ?? ''),
    issue_h: Int32Array.from(rows, (row) => issue_h[row] ?? 0),
    history_kw: selected_kw,
  };
}

/** In the order of the call, whichever arms answered. */
function recordsOf(parts: readonly AnsweredPart[], station_ids: readonly string[], purpose: Purpose): ForecastRecord[] {
  const records: ForecastRecord[] = [];
  for (const { rows, columns } of parts)
    for (const [at, row] of rows.entries())
      records[row] = recordOf(columns, at, { station_id: station_ids[row] ?? '', purpose });
  return records;
}

function purposeOf(request: FastifyRequest): Purpose | undefined {
  const purpose = request.headers[PURPOSE_HEADER] ?? 'served';
  return purpose === 'pair' || purpose === 'served' || purpose === 'mirror' ? purpose : undefined;
}

/** A routed call is sent to a version for the station in its header, so that is the only one it may ask for. */
function checkStation(header: string | string[] | undefined, station_ids: string[]): void {
  if (header === undefined || (station_ids.length === 1 && station_ids[0] === header)) return;
  throw new Problem(
    400,
    'invalid-request',
    `a call routed by ${STATION_HEADER} "${header}" must ask for that station alone, not for ${station_ids.length}`,
  );
}

function hourOf(issue_time: string): number {
  try {
    return hourOfIso(issue_time);
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(400, 'invalid-request', `issue_time ${error.message}`);
    throw error;
  }
}

function behind(history: History, issue_h: number): Problem {
  const reached = history.watermark_h === null ? 'nothing' : isoOfHour(history.watermark_h);
  return new Problem(
    503,
    'history-behind',
    `observations have arrived up to ${reached}, not up to issue_time ${isoOfHour(issue_h)}`,
  );
}

function digestsOf({ station_ids, issue_h, history_kw }: Batch): Uint8Array {
  const digests = new Uint8Array(station_ids.length * DIGEST_BYTES);
  for (const [row, station_id] of station_ids.entries()) {
    const inputs_kw = history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS);
    digests.set(inputHash(station_id, issue_h[row] ?? 0, inputs_kw), row * DIGEST_BYTES);
  }
  return digests;
}
