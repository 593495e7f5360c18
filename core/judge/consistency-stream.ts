import { type AlarmName, type ConsistencyConstants, limitOf } from './consistency-constants.ts';
import { driftOfDay, driftStatistic } from './consistency-drift.ts';
import {
  endsDay,
  type IssueWindows,
  type LossWindows,
  labelFree,
  labelFreeAlarms,
  lossRatio,
  noneRecent,
} from './consistency-windows.ts';
import type { IssueDifference } from './differences.ts';
import type { HourMeans } from './hour-means.ts';

/** Hours of live traffic in which the alarms are looked at: they are calibrated for so many looks. */
export const CONSISTENCY_HOURS = 14 * 24;

/** An alarm's largest z so far, with the deviation it stands for and its hour; `exceeded_h`: the first hour at which its limit was exceeded. */
export type Peak = { z: number; value: number; hour: number; exceeded_h: number | null };

/** All that is remembered of a release; plain, a few hundred bytes, whatever the number of stations and hours. */
export type ConsistencyState = {
  /** The first hour of traffic. */
  from_h: number | null;
  issues: IssueWindows;
  losses: LossWindows;
  drift: { sum: number; days: number };
  alarms: Partial<Record<AlarmName, Peak>>;
};

export function newConsistency(): ConsistencyState {
  return {
    from_h: null,
    issues: { bias: noneRecent(), log_distance: noneRecent() },
    losses: { candidate: noneRecent(), stable: noneRecent() },
    drift: { sum: 0, days: 0 },
    alarms: {},
  };
}

/** The live side: takes issue hours and judged target hours, each in order, and keeps the largest deviation of each alarm. */
export class ConsistencyStream {
  readonly state: ConsistencyState;
  readonly #constants: ConsistencyConstants;

  constructor(constants: ConsistencyConstants, state: ConsistencyState) {
    this.#constants = constants;
    this.state = state;
  }

  /** One issue hour, as soon as both sides have forecast it. */
  issue(issue_h: number, difference: IssueDifference): void {
    this.state.from_h ??= issue_h;
    const { label_free } = this.#constants;
    if (label_free === null || issue_h >= this.state.from_h + CONSISTENCY_HOURS) return;
    const values = labelFree(this.state.issues, label_free.level, issue_h, difference);
    for (const name of labelFreeAlarms) {
      const value = values[name];
      if (value === null) continue;
      const up = name.startsWith('bias') ? Math.abs(value) : value;
      this.#look(name, { z: up / label_free[name].sd, value, hour: issue_h });
    }
  }

  /** One judged target hour. */
  hour(target_h: number, losses: HourMeans): void {
    this.state.from_h ??= target_h - 1;
    if (target_h > this.state.from_h + CONSISTENCY_HOURS) return;
    const ratio = lossRatio(this.state.losses, target_h, losses);
    if (ratio === null) return;
    const { mean, sd } = this.#constants.loss_ratio;
    this.#look('loss-ratio', { z: (ratio - mean) / sd, value: ratio - mean, hour: target_h });
    if (endsDay(target_h)) this.#day(target_h, ratio);
  }

  #day(target_h: number, log_ratio: number): void {
    const { drift } = this.#constants;
    const total = this.state.drift;
    total.sum += driftOfDay(log_ratio, drift);
    total.days++;
    const z = driftStatistic(total.sum, total.days, drift);
    this.#look('drift', { z, value: (total.sum / total.days) * drift.scale, hour: target_h });
  }

  #look(name: AlarmName, look: Omit<Peak, 'exceeded_h'>): void {
    const before = this.state.alarms[name];
    const limit = limitOf(this.#constants, name) ?? Number.POSITIVE_INFINITY;
    const exceeded_h = before?.exceeded_h ?? (look.z > limit ? look.hour : null);
    if (before === undefined || look.z > before.z) this.state.alarms[name] = { ...look, exceeded_h };
  }
}
