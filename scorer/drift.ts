import {
  candidateAlone,
  type DriftDetector,
  type DriftSide,
  driftSentence,
  type SeenDrift,
} from '../core/judge/drift/drift-sentence.ts';
import { InputDrift, type InputDriftState, startInputDrift } from '../core/judge/drift/input-drift.ts';
import { LossDrift, type LossDriftState, startLossDrift } from '../core/judge/drift/loss-drift.ts';
import { COMPARED_HOURS } from '../core/judge/drift/week-against-weeks.ts';
import type { HourMeans } from '../core/judge/hour-means.ts';
import type { JudgeSettings } from '../core/judge/settings.ts';
import { metrics } from '../core/metrics.ts';
import { isoOfHour } from '../core/telemetry.ts';
import type { History } from './history.ts';

/** What the detectors remember of one session, a function of the log and the answers. */
export type DriftState = {
  stable: LossDriftState;
  candidate: LossDriftState;
  inputs: InputDriftState;
  seen: SeenDrift[];
};

export function newDrift(): DriftState {
  return { stable: startLossDrift(), candidate: startLossDrift(), inputs: startInputDrift(), seen: [] };
}

/** Watches both versions' losses and the readings they were made of, target hour by target hour as they close. It reports; it never decides. */
export class DriftWatch {
  readonly #history: History;
  readonly #judge: Pick<JudgeSettings, 'drift' | 'truth_delay_hours'>;

  constructor(history: History, judge: Pick<JudgeSettings, 'drift' | 'truth_delay_hours'>) {
    this.#history = history;
    this.#judge = judge;
  }

  /**
   * `means`: of L/m_s over the stations; null where the hour was not judged, or m_s is not known. Returns how many drifts began on each side;
   * null where there was nothing to watch.
   */
  watch(state: DriftState, target_h: number, means: HourMeans | null): Record<DriftSide, number | null> {
    const losses = (side: 'stable' | 'candidate') => {
      if (means === null) return null;
      const found = new LossDrift(this.#judge.drift, state[side]).observe(target_h, means[side]);
      for (const detector of found) note(state, side, detector, target_h);
      return found.length;
    };
    const [stable, candidate] = [losses('stable'), losses('candidate')];
    return { stable, candidate, inputs: target_h % 24 === 0 ? this.#watchInputs(state, target_h) : null };
  }

  #watchInputs(state: DriftState, target_h: number): number | null {
    const first_h = target_h - COMPARED_HOURS + 1;
    // A scorer that was away for days holds what is needed no longer, and looks again a day later.
    if (!this.#history.holds(first_h)) return null;
    const as_of_h = target_h + this.#judge.truth_delay_hours;
    const readings = (station: number) =>
      Float64Array.from({ length: COMPARED_HOURS }, (_, i) => this.#history.asOf(station, first_h + i, as_of_h));
    const found = new InputDrift(this.#judge.drift, state.inputs).look(target_h, this.#history.stations, readings);
    for (const detector of found) note(state, 'inputs', detector, target_h);
    return state.inputs.compared === 0 ? null : found.length;
  }

  /** How near each detector is to saying drift: 1 is its limit. */
  statistics({ stable, candidate, inputs }: DriftState): Record<DriftSide, Partial<Record<DriftDetector, number>>> {
    const { drift } = this.#judge;
    return {
      stable: new LossDrift(drift, stable).statistics(),
      candidate: new LossDrift(drift, candidate).statistics(),
      inputs: new InputDrift(drift, inputs).statistics(),
    };
  }
}

function note({ seen }: DriftState, side: DriftSide, detector: DriftDetector, last_h: number): void {
  const known = seen.find((drift) => drift.side === side && drift.detector === detector);
  if (known === undefined) seen.push({ side, detector, events: 1, last_h });
  else Object.assign(known, { events: known.events + 1, last_h });
}

type Sample = { labels: Record<string, string>; value: number };
type Metric = (typeof metrics)[keyof typeof metrics];

/** Samples of one session: every detector of every side, those that never spoke at 0. */
export function driftSamples(
  watch: DriftWatch,
  state: DriftState,
  labels: Record<string, string>,
): [Metric, Sample[]][] {
  const statistics = Object.entries(watch.statistics(state)).flatMap(([side, detectors]) =>
    Object.entries(detectors).map(([detector, value]) => ({ labels: { ...labels, side, detector }, value })),
  );
  const events = statistics.map(({ labels }) => {
    const known = state.seen.find(({ side, detector }) => side === labels.side && detector === labels.detector);
    return { labels, value: known?.events ?? 0 };
  });
  const shares = Object.entries(state.inputs.looks).map(([detector, { share }]) => ({
    labels: { ...labels, detector },
    value: share,
  }));
  return [
    [metrics.drift_events, events],
    [metrics.drift_statistic, statistics],
    [metrics.drift_input_share, shares],
    [metrics.drift_stations_compared, [{ labels, value: state.inputs.compared }]],
  ];
}

/** For people: what drifted when, and what follows; `closed_h`: the last target hour that was watched. */
export function driftStatus(watch: DriftWatch, state: DriftState, closed_h: number) {
  return {
    sentence: driftSentence(state.seen, state.inputs, closed_h),
    candidate_alone: candidateAlone(state.seen, closed_h),
    statistics: watch.statistics(state),
    events: state.seen.map(({ last_h, ...drift }) => ({ ...drift, last: isoOfHour(last_h) })),
    inputs: state.inputs,
  };
}
