import { normalQuantile, tCdf } from '../../distributions.ts';
import type { Detector } from './detector.ts';
import type { DriftSettings } from './settings.ts';

/** Values that teach what is usual before anything is said: two weeks of days, so that every weekday is in them twice. */
const LEARNED = 14;

/** No value says more than a probability of 1e-12, about 7 standard deviations: the quantile of 0 is infinite. */
const SMALLEST = 1e-12;

export type CusumState = {
  n: number;
  mean: number;
  deviations_sq: number;
  up: number;
  down: number;
  statistic: number;
};

export function startCusum(): CusumState {
  return { n: 0, mean: 0, deviations_sq: 0, up: 0, down: 0, statistic: 0 };
}

/**
 * Two-sided CUSUM (Page 1954), self-starting (Hawkins 1987): each value is standardised by the mean and deviation of those before it, through
 * Student's t to exactly N(0, 1) for normal values, so that nothing needs to be known beforehand. Slack and limit are in standard deviations;
 * average-run-length.ts says how often chance alone reaches the limit.
 */
export class Cusum implements Detector {
  readonly state: CusumState;
  readonly #settings: DriftSettings['cusum'];

  constructor(settings: DriftSettings['cusum'], state = startCusum()) {
    this.#settings = settings;
    this.state = state;
  }

  get statistic(): number {
    return this.state.statistic;
  }

  observe(value: number): boolean {
    const { state } = this;
    if (state.statistic > 1) Object.assign(state, startCusum());
    if (state.n >= LEARNED) this.add(standardised(value, state));
    state.n++;
    const deviation = value - state.mean;
    state.mean += deviation / state.n;
    state.deviations_sq += deviation * (value - state.mean);
    return state.statistic > 1;
  }

  /** Takes a value that is standardised already: up and down are never below 0, and the larger against the limit is the statistic. */
  add(z: number): void {
    const { state } = this;
    const { slack, limit } = this.#settings;
    state.up = Math.max(0, state.up + z - slack);
    state.down = Math.max(0, state.down - z - slack);
    state.statistic = Math.max(state.up, state.down) / limit;
  }
}

/** A value as a standard normal one, by the n values before it; 0 where they never changed and it does not either. */
function standardised(value: number, { n, mean, deviations_sq }: CusumState): number {
  const deviation = value - mean;
  if (deviation === 0) return 0;
  const t = deviation / Math.sqrt((deviations_sq / (n - 1)) * (1 + 1 / n));
  return normalQuantile(Math.min(Math.max(tCdf(t, n - 1), SMALLEST), 1 - SMALLEST), 0, 1);
}
