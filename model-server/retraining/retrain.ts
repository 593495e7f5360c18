import type { Logger } from 'pino';
import { Agent } from 'undici';
import { InputError } from '../../core/input-error.ts';
import { isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { trainerEnv } from '../../core/workload.ts';
import type { TrainerConfig } from '../config.ts';
import { publishTrained } from '../registry/publish-trained.ts';
import { trainingHours } from '../split.ts';
import { MIN_TRAINING_HOURS, type TrainedKind, train, trainedKinds } from '../train.ts';
import { loggedTelemetry } from './readings.ts';
import { type LastTraining, noRecord, type Outcome, readRecord, writeRecord } from './record.ts';

/** Connecting, and then the answers of the log: who waits longer has no scorer. */
const CONNECT_MS = 10_000;

type Ended = { outcome: Outcome; last: LastTraining | null };

/**
 * Trains a model on the readings of the scorer's log, publishes it unless it is worse than what its name stands for, and records how it went.
 * It releases nothing. Throws where it could not be done; that a model is refused, or that there are too few readings yet, is an answer.
 */
export async function retrain(config: TrainerConfig, log: Logger): Promise<Outcome> {
  const { registry, model } = config;
  const kind = kindOf(model);
  try {
    const { outcome, last } = await retrained(config, kind, log);
    await record(registry, model, outcome, last);
    return outcome;
  } catch (error) {
    // What went wrong is what the caller is told, even if a full disk takes no record of it.
    await record(registry, model, 'failed', null).catch((err) => log.error({ err }, 'the failure is not recorded'));
    throw error;
  }
}

async function retrained(config: TrainerConfig, kind: TrainedKind, log: Logger): Promise<Ended> {
  const { registry, model_store, model: name, seed } = config;
  const started_ms = performance.now();
  const telemetry = await readings(config);
  const { stations, hours, start_h } = telemetry;
  const read = { stations: stations.length, hours, from: isoOfHour(start_h), to: isoOfHour(start_h + hours - 1) };
  log.info(read, 'readings are there');
  if (trainingHours(telemetry) < MIN_TRAINING_HOURS) {
    log.warn(
      { ...read, trained_on: trainingHours(telemetry), least: MIN_TRAINING_HOURS },
      'too few readings to train on yet',
    );
    return { outcome: 'waiting', last: null };
  }
  const { digest, metrics } = await train(telemetry, { kind, seed, registry });
  const published = await publishTrained(digest, {
    ...{ registry, telemetry, name, model_store },
    now: () => new Date(),
  });
  const { outcome, replaces, compared, incomparable } = published;
  const duration_s = (performance.now() - started_ms) / 1000;
  log.info({ outcome, name, model: digest, replaces, metrics, compared, incomparable, duration_s }, said[outcome]);
  const { nmae = null, nmae_replaced: nmae_present = null } = compared ?? {};
  const at = new Date().toISOString();
  return { outcome, last: { outcome, at, duration_s, candidate: digest, present: replaces, nmae, nmae_present } };
}

const said = {
  published: 'published: propose a release of this model by a pull request',
  unchanged: 'the name stands for this model already',
  refused: 'not published, because it is worse than what it would replace, or cannot be compared',
};

async function readings({ scorer_url, history_hours }: TrainerConfig): Promise<Telemetry> {
  const dispatcher = new Agent({ connections: 1, connectTimeout: CONNECT_MS });
  try {
    return await loggedTelemetry({ scorer_url, dispatcher, signal: new AbortController().signal }, history_hours);
  } finally {
    await dispatcher.close();
  }
}

async function record(registry: string, model: string, outcome: Outcome, last: LastTraining | null): Promise<void> {
  const before = (await readRecord(registry, model)) ?? noRecord(model);
  const counts = { ...before.counts, [outcome]: before.counts[outcome] + 1 };
  await writeRecord(registry, { model, counts, last: last ?? before.last });
}

function kindOf(name: string): TrainedKind {
  const kind = trainedKinds.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new InputError([
    {
      place: trainerEnv.model,
      message: `"${name}" is no kind that is trained`,
      fix: `say one of ${trainedKinds.join(', ')}`,
    },
  ]);
}
