import { codeOf } from '../../core/error-code.ts';
import type { Weights } from '../network.ts';

/** A network with its weights, on one backend. */
export type Network = {
  /** n × FEATURES → n × LEADS. The bits of a row do not depend on the rows beside it. */
  forward: (features: Float32Array) => Promise<Float32Array>;
  /** Frees what the garbage collector does not see. */
  close: () => void;
};

/** Loaded only when it is opened. */
export type Backend = { open: (weights: Weights) => Promise<Network> };

/**
 * `missing`: it is not installed; `broken`: it cannot be loaded; `failed`: it refused to compute; `crashed`: its process ended; `late`: it did not
 * answer in time; `not-finite`: it gave something else than numbers; `loading`: it is not there yet.
 */
export type Reason = 'missing' | 'broken' | 'failed' | 'crashed' | 'late' | 'not-finite' | 'loading';

/** A backend does not do its work: another one may. */
export class BackendError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackendError';
    this.reason = reason;
  }
}

export function reasonOf(error: unknown): Reason {
  return error instanceof BackendError ? error.reason : 'failed';
}

/** Of a library that could not be imported. */
export function notLoaded(what: string, cause: unknown): BackendError {
  const code = codeOf(cause);
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new BackendError(missing ? 'missing' : 'broken', `${what} cannot be loaded: ${why}`, { cause });
}
