import { Adwin, type AdwinState, startAdwin } from './adwin.ts';
import { Cusum, type CusumState, startCusum } from './cusum.ts';
import { PageHinkley, type PageHinkleyState, startPageHinkley } from './page-hinkley.ts';
import type { DriftSettings } from './settings.ts';

export const lossDetectors = ['page_hinkley', 'adwin', 'cusum'] as const;
export type LossDetector = (typeof lossDetectors)[number];

/** ADWIN looks at every daily mean: River's 32 values would be a month. */
const DAILY = 1;

/** A day with fewer judged hours has no mean. */
const MIN_HOURS = 12;

export type LossDriftState = {
  page_hinkley: PageHinkleyState;
  adwin: AdwinState;
  cusum: CusumState;
  /** The day that is being summed up, counted since the epoch. */
  day: number | null;
  day_hours: number;
  day_sum: number;
};

export function startLossDrift(): LossDriftState {
  return {
    page_hinkley: startPageHinkley(),
    adwin: startAdwin(),
    cusum: startCusum(),
    day: null,
    day_hours: 0,
    day_sum: 0,
  };
}

/**
 * Watches one model's hourly loss over m_s: Page-Hinkley every hour, ADWIN and CUSUM on the means of whole UTC days, as they suppose values that
 * do not hang together and hours do.
 */
export class LossDrift {
  readonly state: LossDriftState;
  readonly #page_hinkley: PageHinkley;
  readonly #adwin: Adwin;
  readonly #cusum: Cusum;

  constructor(settings: DriftSettings, state = startLossDrift()) {
    this.state = state;
    this.#page_hinkley = new PageHinkley(settings.page_hinkley, state.page_hinkley);
    this.#adwin = new Adwin({ ...settings.adwin, clock: DAILY }, state.adwin);
    this.#cusum = new Cusum(settings.cusum, state.cusum);
  }

  /** Takes the mean over the stations of L/m_s of a target hour, hours in order; which detectors see a drift with it. */
  observe(target_h: number, loss: number): LossDetector[] {
    const { state } = this;
    const found: LossDetector[] = this.#page_hinkley.observe(loss) ? ['page_hinkley'] : [];
    // Hours are named by their end: 24:00 is still the day's.
    const day = Math.floor((target_h - 1) / 24);
    if (day !== state.day) {
      found.push(...this.#endDay());
      Object.assign(state, { day, day_hours: 0, day_sum: 0 });
    }
    state.day_hours++;
    state.day_sum += loss;
    return found;
  }

  /** How near each detector is to saying drift: 1 is its limit. */
  statistics(): Record<LossDetector, number> {
    return {
      page_hinkley: this.#page_hinkley.statistic,
      adwin: this.#adwin.statistic,
      cusum: this.#cusum.statistic,
    };
  }

  #endDay(): LossDetector[] {
    const { day_hours, day_sum } = this.state;
    if (day_hours < MIN_HOURS) return [];
    const mean = day_sum / day_hours;
    const found: LossDetector[] = [];
    if (this.#adwin.observe(mean)) found.push('adwin');
    if (this.#cusum.observe(mean)) found.push('cusum');
    return found;
  }
}
