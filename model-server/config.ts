import { type Fault, InputError } from '../core/input-error.ts';
import { PORT, recomputerEnv, STANDS_ALONE, serverEnv, trainerEnv } from '../core/workload.ts';
import type { Store } from './registry/store.ts';

export type RecomputerConfig = {
  host: string;
  port: number;
  registry: string;
  /** Where models are taken from that the registry has not, or damaged. */
  model_store?: Store | undefined;
  /** Folder of learned states; undefined: they are kept in memory, and nothing that was forecast with them can be recomputed. */
  states?: string | undefined;
};

/** What a serving pod is told; see `serverEnv`. */
export type ServerConfig = RecomputerConfig & {
  pod_name: string;
  pod_hash: string;
  release: string;
  arm: string;
  /** null: the server stands alone, and forecasts from histories that callers send. */
  scorer_url: string | null;
};

export function recomputerConfig(env: NodeJS.ProcessEnv): RecomputerConfig {
  return readAll(env, (read) => listen(read, recomputerEnv));
}

export function serverConfig(env: NodeJS.ProcessEnv): ServerConfig {
  return readAll(env, (read) => ({
    ...listen(read, serverEnv),
    pod_name: read(serverEnv.pod_name),
    pod_hash: read(serverEnv.pod_hash),
    release: read(serverEnv.release),
    arm: read(serverEnv.arm),
    scorer_url: scorerUrl(read),
  }));
}

/** What a retraining is told; see `trainerEnv`. */
export type TrainerConfig = {
  registry: string;
  /** Where a copy must lie of what is published. */
  model_store?: Store | undefined;
  scorer_url: string;
  /** Kind of the model; whether there is such a kind is for those to say who train. */
  model: string;
  history_hours: number;
  seed: number;
};

export function trainerConfig(env: NodeJS.ProcessEnv): TrainerConfig {
  const isHours = (value: string) => /^[1-9]\d{0,4}$/.test(value) || 'is no number of hours';
  const isSeed = (value: string) => /^\d{1,9}$/.test(value) || 'is no whole number of up to nine digits';
  return readAll(env, (read) => ({
    registry: read(trainerEnv.registry),
    scorer_url: read(trainerEnv.scorer_url, undefined, (value) => URL.canParse(value) || 'is not a URL'),
    model: read(trainerEnv.model),
    history_hours: Number(read(trainerEnv.history_hours, undefined, isHours)),
    seed: Number(read(trainerEnv.seed, '1', isSeed)),
  }));
}

type Read = (name: string, otherwise?: string, check?: (value: string) => true | string) => string;

function listen(read: Read, names: typeof recomputerEnv): RecomputerConfig {
  const isPort = (value: string) => (/^\d{1,5}$/.test(value) && Number(value) < 65_536) || 'is not a port';
  return {
    host: read(names.host),
    port: Number(read(names.port, String(PORT), isPort)),
    registry: read(names.registry),
    states: read(names.states, '') || undefined,
  };
}

function scorerUrl(read: Read): string | null {
  const isUrl = (value: string) =>
    value === STANDS_ALONE || URL.canParse(value) || `is neither a URL nor "${STANDS_ALONE}"`;
  const value = read(serverEnv.scorer_url, undefined, isUrl);
  return value === STANDS_ALONE ? null : value;
}

/** Every missing or wrong variable in one error. */
function readAll<T>(env: NodeJS.ProcessEnv, build: (read: Read) => T): T {
  const faults: Fault[] = [];
  const config = build((name, otherwise, check = () => true) => {
    const value = env[name] || otherwise;
    if (value === undefined)
      faults.push({ place: name, message: 'is not set', fix: 'set this environment variable (core/workload.ts)' });
    const verdict = value === undefined || check(value);
    if (verdict !== true)
      faults.push({ place: name, message: `"${value}" ${verdict}`, fix: 'correct this environment variable' });
    return value ?? '';
  });
  if (faults.length > 0) throw new InputError(faults);
  return config;
}
