import { type DriftSettings, defaultDrift } from './drift/settings.ts';

/** How one service is judged: what a plan's `judge:` section says, with its defaults filled in. The compiler hands it to the scorer as one JSON value. */
export type JudgeSettings = {
  /** Domain hours after its end at which a target hour is closed: later readings do not reach the live sums. */
  truth_delay_hours: number;
  /** Why a proven small loss is taken; null: it is not. */
  accepted_loss: string | null;
  database: 'sqlite' | 'postgresql';
  drift: DriftSettings;
  tariff: Tariff;
};

/** Least and most `truth_delay_hours`: readings of the hour just ended still come, and what is open is kept in memory. */
export const TRUTH_DELAY_HOURS = { min: 1, max: 168 } as const;

/**
 * What a forecast error costs, plainly: the energy of each hour is bought a day ahead as forecast; what is missing is bought and what is left
 * over is sold at imbalance prices.
 */
export type Tariff = {
  currency: string;
  /** Extra cost per MWh that was bought too late. */
  shortfall_per_mwh: number;
  /** Loss per MWh that was bought in vain. */
  surplus_per_mwh: number;
};

/** What is judged by where a plan says nothing. */
export const defaultJudge: JudgeSettings = {
  truth_delay_hours: 6,
  accepted_loss: null,
  database: 'sqlite',
  drift: defaultDrift,
  tariff: { currency: 'EUR', shortfall_per_mwh: 40, surplus_per_mwh: 20 },
};

/** Settings of which any part may be left out. */
export type PartialJudge = Partial<Omit<JudgeSettings, 'drift' | 'tariff'>> & {
  drift?: { [Detector in keyof DriftSettings]?: Partial<DriftSettings[Detector]> };
  tariff?: Partial<Tariff>;
};

/** Fills in what is left out. */
export function judgeSettings({ drift = {}, tariff = {}, ...given }: PartialJudge): JudgeSettings {
  const otherwise = defaultJudge.drift;
  return {
    ...defaultJudge,
    ...given,
    drift: {
      page_hinkley: { ...otherwise.page_hinkley, ...drift.page_hinkley },
      adwin: { ...otherwise.adwin, ...drift.adwin },
      cusum: { ...otherwise.cusum, ...drift.cusum },
      psi: { ...otherwise.psi, ...drift.psi },
      ks: { ...otherwise.ks, ...drift.ks },
      inputs: { ...otherwise.inputs, ...drift.inputs },
    },
    tariff: { ...defaultJudge.tariff, ...tariff },
  };
}
