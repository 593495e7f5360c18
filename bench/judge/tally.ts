import type { ThetaName } from '../../core/judge/guard.ts';
import { forThetas, thetaNames } from '../../core/judge/theta.ts';
import type { Said } from './trial.ts';

/** Hours within which power is counted: the days of shadow. */
const SHADOW_HOURS = 14 * 24;

/** Words that one method said over the runs of one cell at one true change. */
export type Tally = {
  method: string;
  change: number;
  runs: number;
  verdicts: Record<ThetaName, number>;
  /** Of them, those within 14 days of shadow. */
  in_shadow: Record<ThetaName, number>;
};

export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  /** Counts each word that was said, `delay_hours` after the last hour it judges, if that was within `horizon_hours`. */
  count(method: string, change: number, said: Said, delay_hours: number, horizon_hours: number): void {
    const tally = this.#of(method, change);
    tally.runs++;
    for (const word of thetaNames) {
      const known = said[word] + delay_hours;
      if (known <= horizon_hours) tally.verdicts[word]++;
      if (known <= Math.min(horizon_hours, SHADOW_HOURS)) tally.in_shadow[word]++;
    }
  }

  add(others: readonly Tally[]): void {
    for (const other of others) {
      const tally = this.#of(other.method, other.change);
      tally.runs += other.runs;
      for (const word of thetaNames) {
        tally.verdicts[word] += other.verdicts[word];
        tally.in_shadow[word] += other.in_shadow[word];
      }
    }
  }

  list(): Tally[] {
    return [...this.#tallies.values()];
  }

  #of(method: string, change: number): Tally {
    const key = `${method}|${change}`;
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const zero = () => forThetas(() => 0);
    const tally = { method, change, runs: 0, verdicts: zero(), in_shadow: zero() };
    this.#tallies.set(key, tally);
    return tally;
  }
}
