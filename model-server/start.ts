import { pino } from 'pino';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { roles, serverEnv } from '../core/workload.ts';
import { recomputerConfig, type ServerConfig, serverConfig, trainerConfig } from './config.ts';
import { openRelease, type ReleaseOpener } from './models.ts';
import { recompute } from './recompute.ts';
import type { Store } from './registry/store.ts';
import { type Running, serve } from './serve.ts';
import type { Spans } from './spans.ts';

/** A stopped server goes on answering for so long, until those who route to it have been told. */
const LINGER_MS = 500;
/** After SIGTERM nothing may take longer than this. */
const GRACE_MS = 5_000;

/** Runs the role that `argument` names: a server until it is told to stop, a retraining until it is done. `opener` is what serves; recomputing is always honest. */
export async function start(argument: string | undefined, opener: ReleaseOpener = openRelease): Promise<void> {
  const log = pino();
  try {
    if (argument === roles.train) return await train(log);
    const running = await begin(argument ?? roles.serve, opener, log);
    log.info({ url: running.url, role: argument ?? roles.serve }, 'listening');
    process.once('SIGTERM', () => void stop(running, log));
    process.once('SIGINT', () => void stop(running, log));
    await running.failed;
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : 'the server cannot run');
    process.exit(error instanceof InputError ? exitCode.usage : exitCode.failure);
  }
}

async function begin(role: string, opener: ReleaseOpener, log: pino.Logger): Promise<Running> {
  if (role === roles.serve) return beginServing(opener, log);
  if (role === roles.recompute)
    return recompute({ ...recomputerConfig(process.env), ...(await modelStore()) }, openRelease, log);
  throw new InputError([
    { place: 'first argument', message: `there is no role "${role}"`, fix: `say ${Object.values(roles).join(' or ')}` },
  ]);
}

async function beginServing(opener: ReleaseOpener, log: pino.Logger): Promise<Running> {
  const config = { ...serverConfig(process.env), ...(await modelStore()) };
  return serve(config, opener, log, await spansFor(config, log));
}

/** The store beside the registry. Its code is loaded only where one is named. */
async function modelStore(): Promise<{ model_store?: Store }> {
  const address = process.env[serverEnv.model_store];
  if (!address) return {};
  const { openStore } = await import('./registry/open-store.ts');
  return { model_store: openStore(address, process.env) };
}

/** Loads OpenTelemetry only where a collector is named: it is a tenth of a second, and memory. */
async function spansFor(config: ServerConfig, log: pino.Logger): Promise<Spans | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SDK_DISABLED } = process.env;
  if (!OTEL_EXPORTER_OTLP_ENDPOINT && !OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return undefined;
  if (OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  const { exportSpans } = await import('./export-spans.ts');
  return exportSpans(config, log);
}

/** Imported here and not above: who serves does not pay for it. */
async function train(log: pino.Logger): Promise<void> {
  const { retrain } = await import('./retraining/retrain.ts');
  await retrain({ ...trainerConfig(process.env), ...(await modelStore()) }, log);
}

async function stop(running: Running, log: pino.Logger): Promise<void> {
  setTimeout(() => {
    log.error({ grace_ms: GRACE_MS }, 'requests were still open when time was up');
    process.exit(exitCode.failure);
  }, GRACE_MS).unref();
  await running.stop(LINGER_MS);
  log.info('stopped');
  process.exit(exitCode.ok);
}
