import type { Named } from './event-repository.ts';
import type { Judged } from './judged.ts';

/** Releases and arms of one day beside those under judgement: more than a fleet ever runs, so that names cannot fill the database. */
const MOST_A_DAY = 32;

/**
 * Which releases and arms are counted: whoever is under judgement, and of others as many a day as come first. A function of what was
 * counted, which the database keeps.
 */
export class NamedReleases {
  readonly #judged: Judged;
  #byDay = new Map<number, Set<string>>();

  constructor(judged: Judged) {
    this.#judged = judged;
  }

  /** Begins again with what the database has counted. */
  restore(named: readonly Named[]): void {
    this.#byDay = new Map();
    for (const one of named) this.#of(one.day).add(nameOf(one));
  }

  /** Whether it is counted; from now on it is, where it is. */
  admit(one: Named): boolean {
    const names = this.#of(one.day);
    const admitted = names.has(nameOf(one)) || names.size < MOST_A_DAY || this.#isJudged(one);
    if (admitted) names.add(nameOf(one));
    return admitted;
  }

  /** Days of which nothing comes any more. */
  forget(before_day: number): void {
    for (const day of this.#byDay.keys()) if (day < before_day) this.#byDay.delete(day);
  }

  #of(day: number): Set<string> {
    const names = this.#byDay.get(day) ?? new Set();
    this.#byDay.set(day, names);
    return names;
  }

  #isJudged({ release, arm }: Named): boolean {
    const { current } = this.#judged;
    if (current?.key.release === release) return current.arms.has(arm);
    return current?.key.stable === release && this.#judged.sessions.some(({ state }) => state.stable_arm === arm);
  }
}

function nameOf({ release, arm }: Named): string {
  return `${release}\n${arm}`;
}
