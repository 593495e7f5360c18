import type { Made } from './made.ts';

/** Issue hours that are remembered of each arm: the one that everybody asks for, and the one before or after while it changes. */
const MOST_HOURS = 2;

/**
 * Forecasts that were made, by arm, issue hour and station. An arm of a release has one model, so this is the key "station, model digest, hour".
 * What an hour's forecasts are made from is the history as it was known then, which nothing that arrives later changes: they hold until two newer
 * hours are asked for, or until the log says something more of that very hour. Only stations that the server knows are remembered, which
 * bounds it.
 */
export class Memory {
  readonly #hours = new Map<string, Map<number, Map<string, Made>>>();

  /** The forecasts of an arm for an issue hour, by station, to be looked up and added to before anything else is awaited. */
  of(arm: string, issue_h: number): Map<string, Made> {
    const hours = this.#hours.get(arm) ?? new Map<number, Map<string, Made>>();
    this.#hours.set(arm, hours);
    const made = hours.get(issue_h) ?? new Map<string, Made>();
    // Last in order is last asked for.
    hours.delete(issue_h);
    hours.set(issue_h, made);
    const [oldest] = hours.keys();
    if (hours.size > MOST_HOURS && oldest !== undefined) hours.delete(oldest);
    return made;
  }

  /** What became available at `available_h` is in the histories of that issue hour and of later ones. */
  forgetFrom(available_h: number): void {
    for (const hours of this.#hours.values())
      for (const issue_h of hours.keys()) if (issue_h >= available_h) hours.delete(issue_h);
  }

  forget(): void {
    this.#hours.clear();
  }
}
