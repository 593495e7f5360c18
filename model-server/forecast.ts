import type { FastifyInstance, FastifyRequest } from 'fastify';
import { COLUMNAR_TYPE, encodeColumns } from '../core/columnar-answer.ts';
import { type ForecastRequest, PURPOSE_HEADER, type Purpose, STATION_HEADER } from '../core/record.ts';
import { hourOfIso, isoOfHour } from '../core/telemetry.ts';
import { Admission } from './admission.ts';
import { type ForecastBody, historiesOf, parseForecastBody } from './forecast-body.ts';
import type { Forecaster } from './forecaster.ts';
import type { History } from './history.ts';
import { answerOf, columnsOf, ending, type Made } from './made.ts';
import { type Measures, measureRooms } from './measures.ts';
import { Problem } from './problem.ts';
import { parsedForecastRequest } from './schemas.ts';
import type { Spans } from './spans.ts';

/** How long a request waits for the log to reach its issue time. */
const BEHIND_WAIT_MS = 2_000;

/** 1,000 stations with histories of 336 readings of 12 characters. */
export const FORECAST_BODY_BYTES = 4 * 2 ** 20;

/** What may be under way at once. Pair questions have room of their own, so that no number of callers keeps the judge waiting. */
const CALLERS_ROOM = { calls: 512, bytes: 32 * 2 ** 20 };
const JUDGE_ROOM = { calls: 64, bytes: 8 * 2 ** 20 };

export type Forecasting = {
  history: History;
  measures: Measures;
  forecaster: Forecaster;
  /** The arm that answers each station of a call that names none; undefined: the default one, for the release has no others. */
  armsOf: (station_ids: readonly string[]) => Promise<string[]> | undefined;
  /** Takes records, as JSON, of forecasts that were not asked for by the scorer itself. */
  send: (records: string[]) => void;
  spans: Spans | undefined;
};

/** POST /v1/forecast */
export function forecastRoute(app: FastifyInstance, forecasting: Forecasting): void {
  const { measures } = forecasting;
  const rooms = { judge: new Admission(JUDGE_ROOM), callers: new Admission(CALLERS_ROOM) };
  measureRooms(measures, rooms);
  app.register((route, _options, done) => {
    route.removeContentTypeParser('application/json');
    route.addContentTypeParser<Buffer>(
      'application/json',
      { parseAs: 'buffer' },
      async (_request: FastifyRequest, bytes: Buffer) => parseForecastBody(bytes),
    );
    route.post<{ Body: ForecastBody }>('/v1/forecast', {
      schema: { body: parsedForecastRequest },
      bodyLimit: FORECAST_BODY_BYTES,
      onRequest: (request, reply, next) => {
        const room = purposeOf(request) === 'pair' ? rooms.judge : rooms.callers;
        const leave = room.enter(Number(request.headers['content-length'] ?? FORECAST_BODY_BYTES));
        if (leave === undefined) return next(overloaded(room));
        reply.raw.once('close', leave);
        next();
      },
      onResponse: (request, reply, next) => {
        const purpose = purposeOf(request) ?? 'invalid';
        measures.requests.inc({ purpose, code: reply.statusCode });
        measures.request_ms.observe({ purpose }, reply.elapsedTime);
        next();
      },
      onRequestAbort: (request, next) => {
        measures.requests.inc({ purpose: purposeOf(request) ?? 'invalid', code: 'aborted' });
        next();
      },
      handler: async (request, reply) => {
        const purpose = purposeOf(request);
        if (purpose === undefined)
          throw new Problem(400, 'invalid-request', `${PURPOSE_HEADER} must be pair, served or mirror`);
        const made = await forecast(forecasting, request, purpose);
        const { station_ids, intervals } = request.body;
        measures.forecasts.inc({ purpose }, station_ids.length);
        const latency_ms = Math.round(reply.elapsedTime * 1000) / 1000;
        if (purpose === 'pair' && request.headers.accept?.includes(COLUMNAR_TYPE))
          return reply.type(COLUMNAR_TYPE).send(encodeColumns(columnsOf(made, latency_ms), station_ids));
        const end = ending(purpose, latency_ms);
        if (purpose !== 'pair' && request.body.history_kw === undefined) tell(forecasting, made, { purpose, end });
        const texts = made.map(intervals === true ? ({ wide }) => wide : ({ text }) => text);
        return reply.type('application/json').send(answerOf(texts, end));
      },
    });
    done();
  });
}

/** The forecasts of a call, in the order of its stations. */
async function forecast(
  { history, forecaster, armsOf, spans }: Forecasting,
  request: FastifyRequest<{ Body: ForecastBody }>,
  purpose: Purpose,
): Promise<Made[]> {
  const { body, headers, raw } = request;
  const { station_ids, arm } = body;
  const span = spans?.of(raw);
  span?.setAttributes({ 'gridramp.stations': station_ids.length, 'gridramp.purpose': purpose, 'gridramp.arm': arm });
  checkStation(headers[STATION_HEADER], station_ids);
  const issue_h = hourOf(body.issue_time);
  const history_kw = historiesOf(body);
  if (history_kw !== undefined && purpose === 'pair')
    throw new Problem(400, 'invalid-request', 'history_kw: pair questions are answered from the log', 'history_kw');
  forecaster.check(arm);
  if (history_kw === undefined && !(await history.reached(issue_h, BEHIND_WAIT_MS))) throw behind(history, issue_h);
  // Whoever pairs names an arm, or means the default one: only served and mirrored calls are divided by the flag.
  const arms = arm === undefined && purpose !== 'pair' ? await armsOf(station_ids) : undefined;
  const asked = { station_ids, issue_time: body.issue_time, issue_h, history_kw, span };
  if (arms === undefined) return forecaster.forecast(asked, arm);
  const made: Made[] = new Array(station_ids.length);
  const parts = Map.groupBy(arms.keys(), (place) => arms[place] ?? '');
  for (const [of, places] of parts)
    for (const [row, one] of (await forecaster.forecast(asked, of, places)).entries()) made[places[row] ?? 0] = one;
  return made;
}

/** Tells the scorer of forecasts that it has not been told of. */
function tell({ send }: Forecasting, made: readonly Made[], { purpose, end }: { purpose: Purpose; end: string }): void {
  const fresh = made.filter((one) => one.isNewFor(purpose));
  if (fresh.length > 0) send(fresh.map(({ text }) => `${text.toString()}${end}`));
}

function purposeOf(request: FastifyRequest): Purpose | undefined {
  const purpose = request.headers[PURPOSE_HEADER] ?? 'served';
  return purpose === 'pair' || purpose === 'served' || purpose === 'mirror' ? purpose : undefined;
}

/** A routed call is sent to a version for the station in its header, so that is the only one it may ask for. */
function checkStation(header: string | string[] | undefined, station_ids: ForecastRequest['station_ids']): void {
  if (header === undefined || (station_ids.length === 1 && station_ids[0] === header)) return;
  throw new Problem(
    400,
    'invalid-request',
    `station_ids: a call routed by ${STATION_HEADER} "${header}" must ask for that station alone, not for ${station_ids.length}`,
    'station_ids',
  );
}

function hourOf(issue_time: string): number {
  try {
    return hourOfIso(issue_time);
  } catch (error) {
    if (error instanceof RangeError)
      throw new Problem(400, 'invalid-request', `issue_time: ${error.message}`, 'issue_time');
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

function overloaded({ taken }: Admission): Problem {
  return new Problem(429, 'overloaded', `${taken.calls} calls of ${taken.bytes} bytes are under way; come again`);
}
