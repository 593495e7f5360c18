import type { DriftSettings } from './settings.ts';
import { type InputStatistics, weekAgainstWeeks } from './week-against-weeks.ts';

export const inputDetectors = ['psi', 'ks'] as const;
export type InputDetector = (typeof inputDetectors)[number];

/** Stations compared at most, evenly taken: a share of more is known to a percent already, and a day of 100,000 stations must not take seconds. */
export const MAX_STATIONS = 2048;

/** Drifted stations named at most. */
const MAX_NAMED = 20;

/** What one look at a day's inputs said, by one detector. */
export type InputLook = {
  /** Share of the compared stations that have drifted. */
  share: number;
  stations: string[];
};

export type InputDriftState = {
  /** The target hour that ended the day looked at last, and the stations that could be compared in it. */
  looked_h: number | null;
  compared: number;
  looks: Record<InputDetector, InputLook>;
};

export function startInputDrift(): InputDriftState {
  const none = () => ({ share: 0, stations: [] });
  return { looked_h: null, compared: 0, looks: { psi: none(), ks: none() } };
}

/** Every how manyth station is compared. */
export function stride(stations: number): number {
  return Math.max(1, Math.ceil(stations / MAX_STATIONS));
}

/** Looks at the stations' inputs once a day; a drift begins when the share of drifted stations comes to the limit, and is said once. */
export class InputDrift {
  readonly state: InputDriftState;
  readonly #settings: DriftSettings;

  constructor(settings: DriftSettings, state = startInputDrift()) {
    this.#settings = settings;
    this.state = state;
  }

  /** `readings(s)`: COMPARED_HOURS of station s up to target hour `looked_h`, NaN where missing; which detectors see a drift begin. */
  look(looked_h: number, stations: readonly string[], readings: (station: number) => Float64Array): InputDetector[] {
    const { state } = this;
    const found: { station_id: string; statistics: InputStatistics }[] = [];
    for (let s = 0; s < stations.length; s += stride(stations.length)) {
      const statistics = weekAgainstWeeks(readings(s), this.#settings);
      if (statistics !== null) found.push({ station_id: stations[s] ?? '', statistics });
    }
    const begun: InputDetector[] = [];
    for (const detector of inputDetectors) {
      const before = this.statistics()[detector];
      const drifted = found.filter(({ statistics }) => statistics[detector] >= 1).map(({ station_id }) => station_id);
      state.looks[detector] = {
        share: found.length === 0 ? 0 : drifted.length / found.length,
        stations: drifted.slice(0, MAX_NAMED),
      };
      if (before < 1 && this.statistics()[detector] >= 1) begun.push(detector);
    }
    Object.assign(state, { looked_h, compared: found.length });
    return begun;
  }

  /** The share of drifted stations over the limit: 1 is drift. */
  statistics(): Record<InputDetector, number> {
    const { psi, ks } = this.state.looks;
    return { psi: psi.share / this.#settings.inputs.share, ks: ks.share / this.#settings.inputs.share };
  }
}
