import { setTimeout as delay } from 'node:timers/promises';

/** Something that is needed did not answer; whoever needs it begins again `pause_ms` later. */
export class Unavailable extends Error {
  readonly pause_ms: number;

  constructor(message: string, { cause, pause_ms }: { cause: unknown; pause_ms: number }) {
    super(message, { cause });
    this.name = 'Unavailable';
    this.pause_ms = pause_ms;
  }
}

type Until = { signal: AbortSignal; logger: { warn: (what: object, message: string) => void } };

/** Takes one step after another until the signal aborts, over everything that is Unavailable; what else a step throws is a fault of this program. */
export async function untilAborted({ signal, logger }: Until, step: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await step();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Unavailable)) throw error;
      logger.warn({ err: error, pause_ms: error.pause_ms }, 'trying again');
      await pause(error.pause_ms, signal);
    }
  }
}

/** Ends early, and well, when the signal aborts. */
async function pause(pause_ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(pause_ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
