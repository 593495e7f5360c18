import { usableScale } from '../judge/paired-days.ts';
import { type Comparison, compare, controlRatio, type LogRatio } from './compare.ts';
import type { DayFact, ErrorSums } from './day-fact.ts';
import { servedAlone, stationSums, type Window } from './days.ts';
import { dayMean, type Interval, intervalOf, relative } from './estimate.ts';

/** m_s per station: the control's mean absolute error in kW over the before window, so that no release chooses its own units. */
export type Scales = ReadonlyMap<string, number>;

export function scalesOf({ days }: Window): Scales {
  const controls = days.flatMap(({ control }) => (control === null ? [] : [control]));
  const scales = new Map<string, number>();
  for (const [station, [hours, abs_kw]] of stationSums(controls)) {
    const scale_kw = usableScale(abs_kw / hours);
    if (!Number.isNaN(scale_kw)) scales.set(station, scale_kw);
  }
  return scales;
}

/** ln of the ratio of mean absolute (or root mean squared) errors over m_s, every station-hour with the same weight. */
export function errorRatio(scales: Scales, of: 'mae' | 'rmse'): LogRatio {
  const field = of === 'mae' ? 1 : 2;
  return (facts, against) => {
    const reference = stationSums(against);
    let [a, b] = [0, 0];
    for (const [station, sums] of stationSums(facts)) {
      const scale = scales.get(station);
      const other = reference.get(station);
      if (scale === undefined || other === undefined || other[0] === 0) continue;
      const unit = scale ** field;
      a += sums[field] / unit;
      // The reference is taken at the hours that this release has, by its mean, so that a missing hour favours neither.
      b += ((other[field] / other[0]) * sums[0]) / unit;
    }
    return a > 0 && b > 0 ? Math.log(a / b) / field : null;
  };
}

export type StationChange = { station_id: string; hours: number; change: number };

export type AccuracyReport = {
  mae: Comparison | null;
  rmse: Comparison | null;
  /** Means over station-hours in kW, in each window; null without facts. */
  mae_kw: { before: number | null; after: number | null; control_before: number | null; control_after: number | null };
  lead_groups: { leads: string; change: Interval | null }[];
  /** Change against the control from one window to the other, station by station, best first; no interval: one station proves little. */
  stations: StationChange[];
  arms: { arm: string; days: number; against_control: Interval }[];
  stations_compared: number;
  stations_left_out: string[];
};

export function accuracyReport(before: Window, after: Window): AccuracyReport {
  const scales = scalesOf(before);
  const stations = stationChanges(before, after);
  const all = new Set([...before.days, ...after.days].flatMap(({ serving }) => [...stationSums(serving).keys()]));
  return {
    mae: compare(before, after, errorRatio(scales, 'mae')),
    rmse: compare(before, after, errorRatio(scales, 'rmse')),
    mae_kw: {
      before: maeKw(before, 'serving'),
      after: maeKw(after, 'serving'),
      control_before: maeKw(before, 'control'),
      control_after: maeKw(after, 'control'),
    },
    lead_groups: leadGroups(before, after),
    stations,
    arms: armsOf(after, errorRatio(scales, 'mae')),
    stations_compared: stations.length,
    stations_left_out: [...all].filter((station) => !stations.some(({ station_id }) => station_id === station)).sort(),
  };
}

function maeKw({ days }: Window, role: 'serving' | 'control'): number | null {
  const facts = days.flatMap((day) => (role === 'serving' ? servedAlone(day) : (day.control ?? [])));
  let [hours, abs_kw] = [0, 0];
  for (const sums of stationSums(facts).values()) {
    hours += sums[0];
    abs_kw += sums[1];
  }
  return hours === 0 ? null : abs_kw / hours;
}

function leadGroups(before: Window, after: Window): AccuracyReport['lead_groups'] {
  const names = new Set(
    [...before.days, ...after.days].flatMap(({ control }) => Object.keys(control?.accuracy?.lead_groups ?? {})),
  );
  const firstLead = (leads: string) => Number(leads.split('-')[0]);
  return [...names]
    .sort((a, b) => firstLead(a) - firstLead(b))
    .map((leads) => ({ leads, change: compare(before, after, leadRatio(leads))?.change ?? null }));
}

function leadRatio(leads: string): LogRatio {
  const meanOf = (facts: readonly DayFact[]) => {
    const sums = facts.map(({ accuracy }): ErrorSums => accuracy?.lead_groups[leads] ?? [0, 0, 0]);
    const hours = sums.reduce((total, [n]) => total + n, 0);
    return hours === 0 ? 0 : sums.reduce((total, [, abs_kw]) => total + abs_kw, 0) / hours;
  };
  return (of, against) => {
    const [a, b] = [meanOf(of), meanOf(against)];
    return a > 0 && b > 0 ? Math.log(a / b) : null;
  };
}

/** One station's errors in one window against the control's of the same days. */
function stationRatios({ days }: Window): Map<string, { hours: number; ratio: number }> {
  const usable = days.filter((day) => day.control !== null && servedAlone(day).length > 0);
  const serving = stationSums(usable.flatMap(servedAlone));
  const control = stationSums(usable.flatMap((day) => day.control ?? []));
  const ratios = new Map<string, { hours: number; ratio: number }>();
  for (const [station, [hours, abs_kw]] of serving) {
    const [control_hours, control_kw] = control.get(station) ?? [0, 0];
    const scale_kw = usableScale(control_kw / control_hours);
    if (hours === 0 || abs_kw === 0 || Number.isNaN(scale_kw)) continue;
    ratios.set(station, { hours, ratio: abs_kw / hours / scale_kw });
  }
  return ratios;
}

function stationChanges(before: Window, after: Window): StationChange[] {
  const earlier = stationRatios(before);
  const changes: StationChange[] = [];
  for (const [station_id, { hours, ratio }] of stationRatios(after)) {
    const was = earlier.get(station_id);
    if (was !== undefined) changes.push({ station_id, hours, change: ratio / was.ratio - 1 });
  }
  return changes.sort((a, b) => a.change - b.change || a.station_id.localeCompare(b.station_id));
}

/** Each arm of the after window against the control on the stations that it answered. */
function armsOf(after: Window, ratio: LogRatio): AccuracyReport['arms'] {
  // First the days of one release, then its arms: beside another release an arm would look as if it had served alone.
  const alone = after.days.map((day) => ({ ...day, serving: servedAlone(day) }));
  const names = [...new Set(alone.flatMap(({ serving }) => serving.map(({ arm }) => arm)))].sort();
  return names.flatMap((arm) => {
    const days = alone.map((day) => ({ ...day, serving: day.serving.filter((fact) => fact.arm === arm) }));
    const mean = dayMean(days.map((day) => controlRatio(day, ratio)).filter((value) => value !== null));
    if (mean === null) return [];
    return [{ arm, days: mean.days, against_control: relative(intervalOf(mean)) }];
  });
}

/** How far the control itself moved: its error of the after window over that of the before window, in the same units. */
export function controlMoved(before: Window, after: Window): number | null {
  const scales = scalesOf(before);
  let [kw, hours] = [0, 0];
  for (const [station, [n, abs_kw]] of stationSums(after.days.flatMap(({ control }) => control ?? []))) {
    const scale = scales.get(station);
    if (scale === undefined) continue;
    kw += abs_kw / scale;
    hours += n;
  }
  return hours === 0 ? null : kw / hours - 1;
}
