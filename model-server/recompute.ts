import { type Logger, pino } from 'pino';
import { leadsOf } from '../core/forecast-columns.ts';
import { DIGEST_PATTERN } from '../core/release.ts';
import { HISTORY_HOURS, hourOfIso } from '../core/telemetry.ts';
import type { RecomputeRequest, RecomputeResponse } from '../core/workload.ts';
import type { RecomputerConfig } from './config.ts';
import { createApp } from './http.ts';
import { ModelCache } from './model-cache.ts';
import { type OpenRelease, predictorOf, type ReleaseOpener } from './models.ts';
import type { Batch, Predictor } from './predictor.ts';
import { Problem } from './problem.ts';
import { RecordedStates } from './recorded-states.ts';
import type { Running } from './serve.ts';

const MAX_MODELS = 4;
const MAX_ITEMS = 1_000;
/** 1,000 histories of 336 numbers of up to 24 characters. */
const BODY_LIMIT_BYTES = 16 * 2 ** 20;

const body = {
  type: 'object',
  required: ['release', 'items'],
  additionalProperties: false,
  properties: {
    release: { type: 'string', pattern: DIGEST_PATTERN },
    arm: { type: 'string', maxLength: 63 },
    items: {
      type: 'array',
      maxItems: MAX_ITEMS,
      items: {
        type: 'object',
        required: ['station_id', 'issue_time', 'history_kw'],
        additionalProperties: false,
        properties: {
          station_id: { type: 'string', maxLength: 200 },
          issue_time: { type: 'string', maxLength: 40 },
          history_kw: {
            type: 'array',
            minItems: HISTORY_HOURS,
            maxItems: HISTORY_HOURS,
            items: { type: ['number', 'null'] },
          },
        },
      },
    },
  },
};

/** Starts a server that makes served forecasts again from their inputs, with the release's model loaded by digest: the other side of parity. */
export async function recompute(config: RecomputerConfig, open: ReleaseOpener, log: Logger = pino()): Promise<Running> {
  const models = new ModelCache(MAX_MODELS, (release) =>
    open(config.registry, release, { model_store: config.model_store }),
  );
  const recorded = new RecordedStates(config.states, log);
  const app = createApp({ logger: log, body_limit_bytes: BODY_LIMIT_BYTES });
  app.get('/livez', () => ({ alive: true }));
  app.get('/readyz', () => ({ ready: true }));
  app.post<{ Body: RecomputeRequest }>('/v1/recompute', { schema: { body } }, async (request, reply) => {
    const { release, arm, items } = request.body;
    const batch = batchOf(items);
    const { values_kw, fallback } = await models.use(release, async (opened) => {
      const predictor = predictorFor(opened, arm);
      return predictor.forecast(await recorded.taught(opened, predictor, batch));
    });
    if (fallback !== undefined)
      throw new Problem(
        503,
        'fallback',
        `${fallback.from} does not answer here (${fallback.reason}): nothing to compare`,
      );
    const answer: RecomputeResponse = { values_kw: items.map((_item, row) => leadsOf(values_kw, row)) };
    return reply.type('application/json').send(JSON.stringify(answer));
  });
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    url,
    failed: new Promise(() => {}),
    async stop() {
      await app.close();
      await models.close();
    },
  };
}

/** A release without named arms has one, whose name its pods know and this process does not. */
function predictorFor(opened: OpenRelease, arm: string | undefined): Predictor {
  return opened.arms.size === 0 ? opened.predictor : predictorOf(opened, arm);
}

function batchOf(items: RecomputeRequest['items']): Batch {
  const issue_h = new Int32Array(items.length);
  const history_kw = new Float64Array(items.length * HISTORY_HOURS);
  items.forEach((item, row) => {
    issue_h[row] = hourOf(item.issue_time, row);
    item.history_kw.forEach((value, i) => {
      history_kw[row * HISTORY_HOURS + i] = value ?? Number.NaN;
    });
  });
  return { station_ids: items.map(({ station_id }) => station_id), issue_h, history_kw };
}

function hourOf(issue_time: string, row: number): number {
  try {
    return hourOfIso(issue_time);
  } catch (error) {
    if (error instanceof RangeError)
      throw new Problem(400, 'invalid-request', `items[${row}].issue_time ${error.message}`);
    throw error;
  }
}
