import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Logger, pino } from 'pino';
import { Agent } from 'undici';
import { ARM_FLAG } from '../core/compile/flags.ts';
import { isOff } from '../core/switches.ts';
import { hourOfIso, isoOfHour } from '../core/telemetry.ts';
import { serverEnv } from '../core/workload.ts';
import { type ModelCard, modelCard } from './card.ts';
import type { ServerConfig } from './config.ts';
import { type Follow, follow } from './follow.ts';
import { FORECAST_BODY_BYTES, forecastRoute } from './forecast.ts';
import { Forecaster } from './forecaster.ts';
import { History } from './history.ts';
import { createApp } from './http.ts';
import { Learners } from './learners.ts';
import { createMeasures, type Measures } from './measures.ts';
import { measureModels } from './model-measures.ts';
import { closeRelease, type OpenRelease, predictorOf, type ReleaseOpener } from './models.ts';
import { observationsRoute } from './observations.ts';
import { openApi } from './openapi.ts';
import { Outbox } from './outbox.ts';
import { Problem } from './problem.ts';
import type { Spans } from './spans.ts';
import type { StationArms } from './station-arms.ts';

/** Of the 5 s until a stopped server must be gone, what the records that are left may take. */
const OUTBOX_CLOSE_MS = 2_000;
/** And what is left of the spans. */
const SPANS_CLOSE_MS = 1_000;

/** A server that is listening. */
export type Running = {
  url: string;
  /** Rejects when the server cannot go on, e.g. because its model is not what the release says. */
  failed: Promise<never>;
  /** Says that it is not ready, goes on answering for `linger_ms`, finishes what it has accepted, hands over what it has recorded, and stops. */
  stop: (linger_ms?: number) => Promise<void>;
};

/** Starts a forecast server of one release: it listens at once, and is ready when the model is loaded and the log has been caught up with once. */
export async function serve(
  config: ServerConfig,
  open: ReleaseOpener,
  log: Logger = pino(),
  spans?: Spans,
): Promise<Running> {
  const measures = createMeasures();
  const history = new History();
  const dispatcher = new Agent({ connections: 4, connectTimeout: 1_000 });
  const state: State = { off: new Set(), caught_up: config.scorer_url === null, seq: 0, draining: false };
  const app = createApp({ logger: log, body_limit_bytes: FORECAST_BODY_BYTES, spans });
  const forecaster = new Forecaster({
    config,
    history,
    measures,
    predictor: (arm) => (state.opened === undefined ? undefined : predictorOf(state.opened, arm, config.arm)),
    taught: async (model, batch) => state.learners?.taught(model, batch) ?? batch,
    spans,
  });
  const scorer = config.scorer_url === null ? null : { scorer_url: config.scorer_url, dispatcher, log };
  const outbox = scorer && new Outbox({ ...scorer, onDropped: (count) => measures.dropped.inc(count) });
  forecastRoute(app, {
    history,
    measures,
    forecaster,
    armsOf: (station_ids) => state.arms && armsNow(state.arms, state.off, station_ids),
    send: (records) => outbox?.push(records),
    spans,
  });
  observationsRoute(app, { scorer_url: config.scorer_url, dispatcher, spans });
  statusRoutes(app, { config, state, history, measures }, log);

  const url = await app.listen({ host: config.host, port: config.port });
  const ending = new AbortController();
  const { release } = config;
  const opening = openModel({ config, state, history, measures }, open, log);
  const news = onNews({ state, history, forecaster, opening, log });
  const following = scorer && follow({ ...scorer, release, signal: ending.signal, ...news });
  return {
    url,
    failed: new Promise((_resolve, reject) => opening.catch(reject)),
    async stop(linger_ms = 0) {
      state.draining = true;
      await delay(linger_ms);
      await app.close();
      ending.abort();
      await Promise.all([following, outbox?.close(OUTBOX_CLOSE_MS), spans?.close(SPANS_CLOSE_MS)]);
      await dispatcher.close();
      if (state.opened !== undefined) closeRelease(state.opened);
    },
  };
}

type State = {
  opened?: OpenRelease;
  card?: ModelCard;
  learners?: Learners;
  /** Where the release has several arms. */
  arms?: StationArms;
  /** Arms that are switched off. While the scorer is away, those that were when it was last heard of. */
  off: ReadonlySet<string>;
  caught_up: boolean;
  seq: number;
  draining: boolean;
};

type Parts = { config: ServerConfig; state: State; history: History; measures: Measures };

function statusRoutes(app: FastifyInstance, { config, state, history, measures }: Parts, log: Logger): void {
  app.addHook('onSend', (_request, reply, _payload, next) => {
    // Whoever keeps a connection to a server that is about to go should open the next one elsewhere.
    if (state.draining) reply.header('connection', 'close');
    next();
  });
  app.get('/livez', () => ({ alive: true }));
  app.get('/readyz', (_request, reply) => readiness(reply, state, config.scorer_url === null ? null : history));
  app.get('/metrics', async (_request, reply) => {
    await measures.refreshRetrainings(config.registry, log);
    return reply.type(measures.registry.contentType).send(await measures.registry.metrics());
  });
  app.get('/v1/model', () => {
    if (state.card === undefined) throw new Problem(503, 'not-ready', 'the model is not loaded yet');
    return state.card;
  });
  app.get('/openapi.json', () => openApi());
}

type OnNews = Pick<Follow, 'onSwitches' | 'onStations' | 'onEntry' | 'onAnswer' | 'onOther'>;

/** What the log says, into what the server holds. */
function onNews({
  state,
  history,
  forecaster: { memory },
  opening,
  log,
}: Pick<Parts, 'state' | 'history'> & { forecaster: Forecaster; opening: Promise<void>; log: Logger }): OnNews {
  return {
    onSwitches: ({ off }) => {
      state.off = new Set(off);
      log.warn({ off }, 'arms were switched');
    },
    onStations: (station_ids) => history.know(station_ids),
    onEntry: async (entry) => {
      history.add(entry);
      memory.forgetFrom(hourOfIso(entry.available_at));
      // Every entry is learned from before the next one is read: a log read before the model is there would be forgotten again.
      if (state.learners === undefined) await opening;
      await state.learners?.advance();
    },
    onAnswer: (caught_up, seq) => {
      state.caught_up ||= caught_up;
      state.seq = seq;
    },
    onOther: async () => {
      state.caught_up = false;
      history.forget();
      memory.forget();
      await state.learners?.forget();
    },
  };
}

/** The flag says the arm, the switches whether it answers. */
function armsNow({ of, default_arm }: StationArms, off: State['off'], station_ids: readonly string[]) {
  return Promise.all(
    station_ids.map(async (station_id) => {
      const arm = await of(station_id);
      return isOff(arm, default_arm, off) ? default_arm : arm;
    }),
  );
}

async function openModel({ config, state, history, measures }: Parts, open: ReleaseOpener, log: Logger): Promise<void> {
  const opened = await open(config.registry, config.release, {
    model_store: config.model_store,
    onFault(name, fault, instead) {
      // So that the first forecast that falls back is an increase.
      for (const to of instead) measures.fallbacks.inc({ from: name, to, reason: fault.reason }, 0);
      log.warn({ backend: name, ...fault }, 'a predictor does not answer');
    },
  });
  if (ARM_FLAG in opened.flags) state.arms = await armsByFlag(config, opened);
  state.card = await modelCard(config);
  measureModels(measures.registry, state.card);
  state.learners = new Learners(opened, { folder: config.states, history, measures, log });
  state.opened = opened;
  measures.fallbacks.inc({ from: opened.predictor.kind, to: 'none', reason: 'none' }, 0);
  log.info({ release: opened.release, model: opened.model, kind: opened.predictor.kind }, 'the model is loaded');
}

/** Imported here and not above: only a release with arms pays for flags. */
async function armsByFlag({ release, arm }: ServerConfig, { flags, arms }: OpenRelease): Promise<StationArms> {
  const { stationArms } = await import('./station-arms.ts');
  const by_flag = await stationArms(release, flags, [...arms.keys()]);
  if (by_flag.default_arm === arm) return by_flag;
  throw new RangeError(`${serverEnv.arm} is "${arm}", but the default arm of ${release} is "${by_flag.default_arm}"`);
}

/** Of each arm: who answers, and why not the one that should. */
function standings({ predictor, arms }: OpenRelease) {
  if (arms.size === 0) return predictor.standing();
  return Object.fromEntries(Array.from(arms, ([arm, { standing }]) => [arm, standing()]));
}

/** `history` is null where there is no log to follow. */
function readiness(reply: FastifyReply, { opened, caught_up, seq, draining }: State, history: History | null) {
  const ready = opened !== undefined && caught_up && !draining;
  const watermark = history?.watermark_h == null ? null : isoOfHour(history.watermark_h);
  return reply.code(ready ? 200 : 503).send({
    ready,
    draining,
    model: opened === undefined ? 'loading' : opened.predictor.kind,
    backend: opened === undefined ? null : standings(opened),
    log: history && { caught_up, seq, watermark, stations: history.stations },
  });
}
