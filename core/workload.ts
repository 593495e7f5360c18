/**
 * What the pods of one service are told, and how: names that the compiler writes and the servers read.
 * Every value reaches a container as an environment variable; HOST, POD_NAME, POD_HASH and RELEASE by the downward API.
 */

/** Annotation of a pod template: `releaseDigest` of what runs in it. */
export const RELEASE_ANNOTATION = 'gridramp.io/release';

/** Label that Argo Rollouts puts on pods and Service selectors. */
export const POD_HASH_LABEL = 'rollouts-pod-template-hash';

/** The one port of every server, in pods and Services: an uncommon one, since in the lab pods share the machine with whatever else listens on it. */
export const PORT = 8780;

/** Arguments of the model server's image: serve forecasts, recompute them for parity, or train a model again. */
export const roles = { serve: 'serve', recompute: 'recompute', train: 'train' } as const;

/** Environment of a model server (role serve). The model comes from the registry: RELEASE → releases/<hex>.json → its `model`. */
export const serverEnv = {
  /** Address to listen on (downward API status.podIP). */
  host: 'HOST',
  port: 'PORT',
  pod_name: 'POD_NAME',
  pod_hash: 'POD_HASH',
  release: 'RELEASE',
  arm: 'ARM',
  /** Folder of the registry, mounted read-only. */
  registry: 'REGISTRY',
  /** Store of the models that the registry has not, or damaged: s3://… or oci://…; unset: none. Its keys come from a Secret. */
  model_store: 'MODEL_STORE',
  /** Folder of learned states (model-server/state-store.ts), shared by all pods of the service; unset: they are kept in memory. */
  states: 'STATES',
  /** Base URL of the scorer: the observation log to follow, and where records go. STANDS_ALONE: there is none. */
  scorer_url: 'SCORER_URL',
} as const;

/** Instead of the scorer's URL: the server knows no readings, and forecasts from histories that callers send. */
export const STANDS_ALONE = 'none';

/** Environment of a recomputer. It reads the learned states that forecasts were made with. */
export const recomputerEnv = {
  ...{ host: 'HOST', port: 'PORT', registry: 'REGISTRY', states: 'STATES' },
  model_store: serverEnv.model_store,
} as const;

/** Environment of a retraining. */
export const trainerEnv = {
  /** Folder of the registry, which it writes. */
  registry: 'REGISTRY',
  /** Store that gets what it publishes; unset: none. */
  model_store: serverEnv.model_store,
  /** Base URL of the scorer, whose log it trains on. */
  scorer_url: 'SCORER_URL',
  /** Kind of the model, and the name that it is published under. */
  model: 'MODEL',
  /** It reads what became known in the last so many hours. */
  history_hours: 'HISTORY_HOURS',
  /** Default 1. */
  seed: 'SEED',
} as const;

/** Environment of the scorer. */
export const scorerEnv = {
  host: 'HOST',
  port: 'PORT',
  /** Folder for its database. */
  data: 'DATA',
  registry: 'REGISTRY',
  stable_url: 'STABLE_URL',
  canary_url: 'CANARY_URL',
  recompute_url: 'RECOMPUTE_URL',
  /** Its log keeps what became known in the last so many hours; unset: what model servers and the judge need. */
  log_hours: 'LOG_HOURS',
  /** JudgeSettings as canonical JSON: the plan's `judge:` section. */
  judge: 'JUDGE',
  /** postgres:// address, only where `judge.database` is postgresql. It holds a password, so it comes from DATABASE_SECRET. */
  database_url: 'DATABASE_URL',
} as const;

/** The Secret of the service's namespace that holds the address of the scorer's PostgreSQL database. */
export const DATABASE_SECRET = { name: 'scorer-database', key: 'url' } as const;

/** Body of `POST /v1/recompute`: forecasts of one release, made again from given inputs. `history_kw` as in `inputDigest`, null = missing. */
export type RecomputeRequest = {
  release: string;
  /** Counts only where the release has several. */
  arm?: string;
  items: { station_id: string; issue_time: string; history_kw: (number | null)[] }[];
};

/** `values_kw` in the order of `items`, each of length LEADS. */
export type RecomputeResponse = { values_kw: (number | null)[][] };

/** Names of the Services that judge, and of their pods' `app` label: no service that is released may bear them. */
export const scoringNames = { scorer: 'scorer', recomputer: 'recompute' } as const;
