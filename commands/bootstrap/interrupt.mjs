const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @typedef {(typeof SIGNALS)[number]} EndingSignal */

/** Somebody asked us to stop: no fault, so it is told apart from one. */
export class Interrupted extends Error {
  /** @param {EndingSignal} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

const stopping = new AbortController();

/** Aborted with an Interrupted as its reason once a signal has asked us to stop. */
export const stop = stopping.signal;

/** @param {EndingSignal} signal */
const onSignal = (signal) => stopping.abort(new Interrupted(signal));

export function listenForSignals() {
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

export function stopListeningForSignals() {
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/**
 * Ends this process by the same signal that ended what it ran, so that a shell or npm above sees the truth.
 * @param {NodeJS.Signals} signal
 */
export function endBySignal(signal) {
  stopListeningForSignals();
  process.kill(process.pid, signal);
}
