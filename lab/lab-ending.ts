const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ends a lab once, whoever asks first: a caller, a failure, or a signal to this process, which then ends by that signal.
 * With `abort` the signals to this process are its caller's business, who aborts that.
 */
export class Ending {
  readonly #end: () => Promise<void>;
  readonly #abort: AbortSignal | undefined;
  #ended: Promise<void> | undefined;

  constructor(end: () => Promise<void>, abort?: AbortSignal) {
    this.#end = end;
    this.#abort = abort;
    if (abort?.aborted) this.#onAbort();
    else if (abort) abort.addEventListener('abort', this.#onAbort);
    else for (const signal of signals) process.once(signal, this.#onSignal);
  }

  stop(): Promise<void> {
    this.#ended ??= this.#end().finally(() => this.dismiss());
    return this.#ended;
  }

  /** Signals are no longer the lab's business. */
  dismiss(): void {
    this.#abort?.removeEventListener('abort', this.#onAbort);
    for (const signal of signals) process.off(signal, this.#onSignal);
  }

  readonly #onAbort = (): void => {
    this.stop().catch((error: unknown) => console.error(error));
  };

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    // A second signal while the lab ends takes this process away at once; the reaper does the rest.
    this.dismiss();
    this.stop()
      .catch((error: unknown) => console.error(error))
      .finally(() => process.kill(process.pid, signal));
  };
}
