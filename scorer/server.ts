import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { EventBatch } from '../core/business/events.ts';
import type { RecordBatch } from '../core/record.ts';
import { isoOfHour, type LogEntryInput } from '../core/telemetry.ts';
import type { DriftWatch } from './drift.ts';
import type { Events } from './events.ts';
import { CONTENT_TYPE, exposition } from './exposition.ts';
import { parseDays, parseFollow } from './follow.ts';
import type { Ignored } from './ignored.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { type OutcomeParts, type OutcomeSources, outcomesOf } from './outcomes.ts';
import type { Pairing } from './pairing.ts';
import { answerError, Problem } from './problem.ts';
import type { Repository } from './repository.ts';
import { eventsSchema, observationsSchema, recordBatchSchema, switchSchema } from './schemas.ts';
import type { ServedRecords } from './served.ts';
import type { ServedParity } from './served-parity.ts';
import { statusOf } from './status.ts';
import type { NewSwitch } from './switch-repository.ts';
import type { Switches } from './switches.ts';
import type { Turns } from './turns.ts';

/** A fortnight of 115 stations is 4 MB; an hour of 100,000 stations 9 MB. */
const MAX_OBSERVATIONS_BYTES = 32 * 1024 * 1024;
/** 1000 records of 24 values. */
const MAX_RECORDS_BYTES = 2 * 1024 * 1024;
/** 1000 events, each with a text of 1000 characters of up to four bytes. */
const MAX_EVENTS_BYTES = 6 * 1024 * 1024;
/** A reason of 500 characters, and then some. */
const MAX_SWITCH_BYTES = 8 * 1024;
/** Texts in one answer. */
const FEEDBACK_SHOWN = 100;

/** A body must have come by then; an answer may take longer. */
const REQUEST_MS = 30_000;
/** Longer than followers wait between polls. */
const KEEP_ALIVE_MS = 60_000;

type Parts = {
  repository: Repository;
  log: ObservationLog;
  drift: DriftWatch;
  judged: Judged;
  pairing: Pairing;
  served: ServedRecords;
  servedParity: ServedParity;
  outcomes: OutcomeSources;
  switches: Switches;
  ignored: Ignored;
  turns: Turns;
  /** Whether the plan accepts a proven small loss. */
  accepted_loss: boolean;
  logger: FastifyBaseLogger;
  signal: AbortSignal;
};

export function createServer(parts: Parts) {
  const { repository, log, drift, judged, pairing, served, servedParity, ignored, switches, turns, logger, signal } =
    parts;
  const app = Fastify({
    loggerInstance: logger,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    // What is wrong in a body is said, never mended.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  });
  app.setErrorHandler((error, _request, reply) => answerError(error, reply, logger));
  app.setNotFoundHandler((request) => {
    throw new Problem(404, 'not-found', `${request.method} ${request.url} is not served here`);
  });

  app.post<{ Body: { entries: LogEntryInput[] } }>(
    '/v1/observations',
    { schema: { body: observationsSchema }, bodyLimit: MAX_OBSERVATIONS_BYTES },
    async ({ body }) => {
      const seq = await log.append(body.entries);
      const watermark = log.watermark_h === null ? null : isoOfHour(log.watermark_h);
      return { seq, watermark, pairs_behind: pairing.behind };
    },
  );
  app.get<{ Querystring: Record<string, unknown> }>('/v1/observations', async ({ query }, reply) => {
    const { after, last_hours, limit, wait_ms, release, switched } = parseFollow(query);
    const from = last_hours === null ? after : await log.before(last_hours);
    // A switch that moved is news, like an entry: nobody is kept waiting for the next one with it.
    const patience_ms = release !== null && switches.of(release).version !== switched ? 0 : wait_ms;
    const { entries, caught_up } = await log.follow(from, limit, patience_ms, AbortSignal.any([signal, switches.next]));
    const stations = last_hours === null ? '' : `"stations":${JSON.stringify(log.history.stations)},`;
    const moved = release === null ? '' : `"switches":${JSON.stringify(switches.of(release))},`;
    return reply
      .type('application/json')
      .send(`{${stations}${moved}"entries":[${entries.join(',')}],"caught_up":${caught_up}}`);
  });
  app.post<{ Body: RecordBatch }>(
    '/v1/forecasts',
    { schema: { body: recordBatchSchema }, bodyLimit: MAX_RECORDS_BYTES },
    ({ body }) => served.take(body),
  );
  eventRoutes(app, parts.outcomes.events);
  switchRoutes(app, parts);
  const outcomes = (): OutcomeParts => ({ ...parts.outcomes, history: log.history, now_h: log.watermark_h ?? 0 });
  const { accepted_loss } = parts;
  app.get('/v1/status', () =>
    statusOf({ log, drift, judged, pairing, servedParity, outcomes: outcomes(), switches, accepted_loss }),
  );
  app.get<{ Querystring: Record<string, unknown> }>('/v1/days', async ({ query }, reply) => {
    const lines = await repository.dayFacts(parseDays(query));
    return reply.type('application/jsonl').send(lines.join(''));
  });
  app.get('/metrics', (_request, reply) => {
    const { watermark_h, history } = log;
    const sources = outcomes();
    const text = exposition({
      outcomes: (session) => outcomesOf(session, sources),
      sessions: judged.sessions,
      isOff: ({ key }) => switches.isOff(key, judged.sessions[0]?.key.arm ?? ''),
      drift,
      stations: history.stations,
      watermark_h,
      pairs_behind: pairing.behind,
      ignored,
    });
    return reply.type(CONTENT_TYPE).send(text);
  });
  app.get('/livez', () => ({ status: 'ok' }));
  // The log was read before the server began to listen.
  app.get('/readyz', () => {
    if (!turns.fresh) throw new Problem(503, 'database', 'the database failed, and has not been read again yet');
    return { status: 'ok' };
  });
  return app;
}

function eventRoutes(app: FastifyInstance, events: Events): void {
  app.post<{ Body: EventBatch }>(
    '/v1/events',
    { schema: { body: eventsSchema }, bodyLimit: MAX_EVENTS_BYTES },
    ({ body }) => events.take(body),
  );
  app.get('/v1/feedback', async () => ({ feedback: await events.feedback(FEEDBACK_SHOWN) }));
}

type SwitchCall = { Params: { release: string; arm: string }; Body: Pick<NewSwitch, 'off' | 'who' | 'why'> };

function switchRoutes(app: FastifyInstance, { switches, pairing }: Pick<Parts, 'switches' | 'pairing'>): void {
  app.put<SwitchCall>(
    '/v1/switches/:release/:arm',
    { schema: { body: switchSchema }, bodyLimit: MAX_SWITCH_BYTES },
    ({ params: { release, arm }, body }) => switches.move({ release, arm, ...body, settled_h: pairing.settled_h }),
  );
  app.get('/v1/switches', () => ({ events: switches.shown() }));
}
