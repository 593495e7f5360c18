import { type ImplausibleReason, zeroReasons } from '../core/judge/plausible.ts';
import { Screen } from '../core/judge/screen.ts';
import type { History } from './history.ts';

/** The truth of one target hour as it closes: `kw` per station, NaN where missing or `quarantined`, and the stations it is `expected` of. */
export type ClosedTruth = { kw: Float64Array; expected: number; quarantined: Record<ImplausibleReason, number> };

/**
 * What target hours are judged by: readings as known when the hour closes, without those that cannot be true. A function of the log alone.
 * Forecasts are made of the readings as they came, so nothing is taken away there.
 */
export class Truth {
  readonly truth_delay_hours: number;
  readonly #history: History;
  readonly #screen: Screen;
  /** Arms close the same hours one after another. */
  readonly #closed = new Map<number, ClosedTruth>();

  constructor(history: History, truth_delay_hours: number) {
    this.#history = history;
    this.truth_delay_hours = truth_delay_hours;
    this.#screen = new Screen(history, truth_delay_hours);
  }

  get stations(): readonly string[] {
    return this.#history.stations;
  }

  /** Asked once the hour's watermark has passed: from then on the answer stays. */
  of(target_h: number): ClosedTruth {
    const known = this.#closed.get(target_h);
    if (known !== undefined && known.kw.length === this.stations.length) return known;
    const as_of_h = target_h + this.truth_delay_hours;
    const kw = this.#history.truth(target_h, as_of_h);
    const quarantined = zeroReasons();
    for (let s = 0; s < kw.length; s++) {
      const reason = Number.isNaN(kw[s] ?? Number.NaN) ? null : this.#screen.check(s, target_h);
      if (reason === null) continue;
      quarantined[reason]++;
      kw[s] = Number.NaN;
    }
    for (const hour of this.#closed.keys()) if (this.#closed.size >= KEPT_HOURS) this.#closed.delete(hour);
    const closed = { kw, expected: this.#history.expected(target_h, as_of_h), quarantined };
    this.#closed.set(target_h, closed);
    return closed;
  }
}

/** Hours that one settling may close for every arm in turn. */
const KEPT_HOURS = 4;
