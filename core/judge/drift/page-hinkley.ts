import type { Detector } from './detector.ts';
import type { DriftSettings } from './settings.ts';

export type PageHinkleyState = {
  n: number;
  mean: number;
  /** Faded sums of deviations from the running mean, less and plus delta, and their extremes. */
  up: number;
  up_min: number;
  down: number;
  down_max: number;
  statistic: number;
};

export function startPageHinkley(): PageHinkleyState {
  return { n: 0, mean: 0, up: 0, up_min: 0, down: 0, down_max: -1, statistic: 0 };
}

/**
 * Page-Hinkley's two-sided test (Page 1954, with the fading of Sebastiao & Fernandes 2017), value for value River's `drift.PageHinkley`:
 * delta in units of the stream, threshold lambda, fading alpha per value, nothing said before `min_hours` values.
 */
export class PageHinkley implements Detector {
  readonly state: PageHinkleyState;
  readonly #settings: DriftSettings['page_hinkley'];

  constructor(settings: DriftSettings['page_hinkley'], state = startPageHinkley()) {
    this.#settings = settings;
    this.state = state;
  }

  get statistic(): number {
    return this.state.statistic;
  }

  observe(value: number): boolean {
    const { delta, threshold, alpha, min_hours } = this.#settings;
    const { state } = this;
    if (state.statistic > 1) Object.assign(state, startPageHinkley());
    state.n++;
    state.mean += (1 / state.n) * (value - state.mean);
    const deviation = value - state.mean;
    state.up = alpha * state.up + deviation - delta;
    state.down = alpha * state.down + deviation + delta;
    state.up_min = state.n === 1 ? state.up : Math.min(state.up_min, state.up);
    state.down_max = Math.max(state.down_max, state.down);
    const furthest = Math.max(state.up - state.up_min, state.down_max - state.down);
    state.statistic = state.n < min_hours ? 0 : furthest / threshold;
    return state.statistic > 1;
  }
}
