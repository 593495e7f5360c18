import { groupOfLead, leadGroups } from '../judge/lead-groups.ts';
import { LEADS } from '../record.ts';
import { firstHourOfDay, HOUR_MS, isoOfHour } from '../telemetry.ts';
import type { DayFact, ErrorSums } from './day-fact.ts';

/** The forecast that energy is bought by: a day ahead. */
const BOUGHT_LEAD = LEADS;

export type DayScore = { accuracy: NonNullable<DayFact['accuracy']>; energy: NonNullable<DayFact['energy']> };

/** The UTC day that target hour `h` belongs to, as 2026-03-01. */
export function dayOfHour(h: number): string {
  return isoOfHour(firstHourOfDay(h) - 1).slice(0, 10);
}

/** First target hour of a UTC day. */
export function firstHourOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / HOUR_MS + 1;
}

/**
 * Scores one day's target hours of one release. `forecast_kw(issue_h)`: [station * LEADS + lead - 1], or null where there is none;
 * `truth_kw(target_h)`: per station, NaN where missing. A station-hour counts with its truth and all 24 leads, or not at all.
 */
export function scoreDay(options: {
  day: string;
  stations: readonly string[];
  truth_kw: (target_h: number) => Float64Array;
  forecast_kw: (issue_h: number) => Float64Array | null;
}): DayScore {
  const { day, stations, truth_kw, forecast_kw } = options;
  const sums = stations.map((): ErrorSums => [0, 0, 0]);
  const groups = leadGroups.map((): ErrorSums => [0, 0, 0]);
  const energy = { station_hours: 0, shortfall_kwh: 0, surplus_kwh: 0 };
  const first_h = firstHourOf(day);
  for (let target_h = first_h; target_h < first_h + 24; target_h++) {
    const leads = leadsOf(target_h, forecast_kw);
    if (leads === null) continue;
    const truth = truth_kw(target_h);
    for (const [s, of] of sums.entries()) {
      const errors_kw = errorsOf(leads, s, truth[s] ?? Number.NaN);
      if (errors_kw !== null) addErrors(errors_kw, of, groups, energy);
    }
  }
  const named = stations.flatMap((id, s): [string, ErrorSums][] =>
    (sums[s]?.[0] ?? 0) > 0 ? [[id, rounded(sums[s])]] : [],
  );
  const lead_groups = leadGroups.map((name, i): [string, ErrorSums] => [name, rounded(groups[i])]);
  return {
    accuracy: { stations: Object.fromEntries(named), lead_groups: Object.fromEntries(lead_groups) },
    energy: { ...energy, shortfall_kwh: digits(energy.shortfall_kwh), surplus_kwh: digits(energy.surplus_kwh) },
  };
}

/** Scores of one day's blocks of stations as one. */
export function joinScores(scores: readonly DayScore[]): DayScore {
  const stations = Object.assign({}, ...scores.map(({ accuracy }) => accuracy.stations));
  const lead_groups = Object.fromEntries(
    leadGroups.map((name): [string, ErrorSums] => {
      const sums = scores.map(({ accuracy }): ErrorSums => accuracy.lead_groups[name] ?? [0, 0, 0]);
      return [name, rounded(sums.reduce<ErrorSums>(([n, a, q], of) => [n + of[0], a + of[1], q + of[2]], [0, 0, 0]))];
    }),
  );
  const sum = (of: (energy: DayScore['energy']) => number) =>
    digits(scores.reduce((total, { energy }) => total + of(energy), 0));
  return {
    accuracy: { stations, lead_groups },
    energy: {
      station_hours: sum(({ station_hours }) => station_hours),
      shortfall_kwh: sum(({ shortfall_kwh }) => shortfall_kwh),
      surplus_kwh: sum(({ surplus_kwh }) => surplus_kwh),
    },
  };
}

/** The forecasts issued 1 to 24 hours before, or null unless all were. */
function leadsOf(target_h: number, forecast_kw: (issue_h: number) => Float64Array | null): Float64Array[] | null {
  const leads: Float64Array[] = [];
  for (let lead = 1; lead <= LEADS; lead++) {
    const issued = forecast_kw(target_h - lead);
    if (issued === null) return null;
    leads.push(issued);
  }
  return leads;
}

/** Forecast less truth by lead; null unless every one is a number. */
function errorsOf(leads: readonly Float64Array[], station: number, truth_kw: number): Float64Array | null {
  const errors_kw = new Float64Array(LEADS);
  for (let i = 0; i < LEADS; i++) {
    const error = (leads[i]?.[station * LEADS + i] ?? Number.NaN) - truth_kw;
    if (!Number.isFinite(error)) return null;
    errors_kw[i] = error;
  }
  return errors_kw;
}

function addErrors(errors_kw: Float64Array, station: ErrorSums, groups: ErrorSums[], energy: DayScore['energy']): void {
  station[0]++;
  for (const [i, error] of errors_kw.entries()) {
    station[1] += Math.abs(error) / LEADS;
    station[2] += error ** 2 / LEADS;
    const group = groups[groupOfLead(i + 1)];
    if (group === undefined) continue;
    group[0]++;
    group[1] += Math.abs(error);
    group[2] += error ** 2;
  }
  const bought = errors_kw[BOUGHT_LEAD - 1] ?? 0;
  energy.station_hours++;
  energy.shortfall_kwh += Math.max(-bought, 0);
  energy.surplus_kwh += Math.max(bought, 0);
}

/** Nine digits are far below any interval, and halve the file. */
function digits(value: number): number {
  return Number(value.toPrecision(9));
}

function rounded([n, abs_kw, sq_kw2]: ErrorSums = [0, 0, 0]): ErrorSums {
  return [n, digits(abs_kw), digits(sq_kw2)];
}
