import { type DayFact, emptyFact } from '../../core/assessment/day-fact.ts';
import { daysBetween, type Range } from '../../core/assessment/days.ts';
import { firstHourOf, scoreDay } from '../../core/assessment/score-day.ts';
import { InputError } from '../../core/input-error.ts';
import type { Truth } from '../../core/judge/losses.ts';
import { judgedTruth } from '../../core/judge/screen.ts';
import { LEADS } from '../../core/record.ts';
import { isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { CONTROL_LAG_H } from '../../model-server/control.ts';
import type { Lateness } from '../../model-server/known-hours.ts';
import { type ForecastBlock, offlineForecasts } from '../../model-server/offline.ts';
import type { Predictor } from '../../model-server/predictor.ts';
import { seasonal } from '../../model-server/seasonal.ts';
import { lateHours, usualLateness } from '../../telemetry/late.ts';

/** A rehearsal's, unless it is told another. */
const SEED = 1;

export type OfflineRelease = { name: string; predictor: Predictor };

type Options = {
  telemetry: Telemetry;
  truth_delay_hours: number;
  stable: OfflineRelease;
  candidate: OfflineRelease;
  before: Range;
  after: Range;
  onDay: (share: number) => void;
};

/**
 * Facts of the form that a scorer keeps, from recorded telemetry: before, the stable release serves; after, the candidate does and the
 * stable forecasts beside it; the control forecasts throughout. Readings come late and are screened as in the backtest, so that both judge by the same. Latency, feedback and the like cannot be had this way and stay unrecorded.
 */
export async function offlineFacts({
  telemetry,
  truth_delay_hours,
  stable,
  candidate,
  before,
  after,
  onDay,
}: Options): Promise<DayFact[]> {
  checkRange(telemetry, before, '--before');
  checkRange(telemetry, after, '--after');
  const control = { name: `seasonal-${CONTROL_LAG_H}h`, predictor: seasonal(CONTROL_LAG_H) };
  const runs = [
    { range: before, release: stable, role: 'serving' },
    { range: before, release: control, role: 'control' },
    { range: after, release: candidate, role: 'serving' },
    { range: after, release: stable, role: 'beside' },
    { range: after, release: control, role: 'control' },
  ] as const;
  const judged = new Map([before, after].map((range) => [range, truthOf(telemetry, range, truth_delay_hours)]));
  const facts: DayFact[] = [];
  const total = runs.reduce((sum, { range }) => sum + daysBetween(range).length, 0);
  for (const { range, release, role } of runs)
    for await (const fact of daysOf(telemetry, judged.get(range) ?? telemetry, release, range)) {
      facts.push({ ...fact, role });
      onDay(facts.length / total);
    }
  return facts.sort((a, b) => a.day.localeCompare(b.day) || a.role.localeCompare(b.role));
}

/** Whole days each hour of which can be forecast at all leads: 24 hours are known before the first. */
function checkRange({ start_h, hours, name }: Telemetry, { from, to }: Range, place: string): void {
  const [first_h, last_h] = [start_h + LEADS, start_h + hours - 1];
  const [from_h, to_h] = [firstHourOf(from), firstHourOf(to) + 23];
  if (from_h >= first_h && to_h <= last_h) return;
  throw new InputError([
    {
      place,
      message: `${from}..${to} is not within ${name}, which can be forecast from ${isoOfHour(first_h)} to ${isoOfHour(last_h)}`,
      fix: 'choose days within it',
    },
  ]);
}

/** What a window is judged by. */
function truthOf(telemetry: Telemetry, { from, to }: Range, truth_delay_hours: number): Truth {
  const range = { from_h: firstHourOf(from), to_h: firstHourOf(to) + 23 };
  const { hours: late_hours } = latenessOf(telemetry);
  return judgedTruth(telemetry, range, { truth_delay_hours, late_hours }).truth;
}

/** As late as in a rehearsal of the same seed. */
function latenessOf({ stations }: Telemetry): Lateness {
  const hours = (s: number, target_h: number) => lateHours(SEED, stations[s]?.station_id ?? '', target_h);
  return { max_h: usualLateness.max_h, hours };
}

/** One release's facts day by day; holds the forecasts of two days. */
async function* daysOf(telemetry: Telemetry, truth: Truth, { name, predictor }: OfflineRelease, range: Range) {
  const stations = telemetry.stations.map(({ station_id }) => station_id);
  const issued = new Map<number, Float64Array>();
  const forecast = offlineForecasts(predictor, telemetry, { lateness: latenessOf(telemetry) });
  const truth_kw = (target_h: number) =>
    Float64Array.from(stations, (_, s) => truth.values_kw[s]?.[target_h - telemetry.start_h] ?? Number.NaN);
  let next_h = firstHourOf(range.from) - LEADS;
  for (const day of daysBetween(range)) {
    const until_h = firstHourOf(day) + 23;
    const cpu = process.cpuUsage();
    const forecasts = (until_h - next_h) * stations.length;
    const onBlock = (block: ForecastBlock) => {
      const size = stations.length * LEADS;
      for (let i = 0; i < block.hours; i++)
        issued.set(block.from_h + i, block.values_kw.slice(i * size, (i + 1) * size));
    };
    await forecast(next_h, until_h, onBlock);
    next_h = until_h;
    const { user, system } = process.cpuUsage(cpu);
    const score = scoreDay({ day, stations, truth_kw, forecast_kw: (issue_h) => issued.get(issue_h) ?? null });
    for (const issue_h of issued.keys()) if (issue_h < until_h - 23) issued.delete(issue_h);
    yield {
      ...emptyFact({
        day,
        release: name,
        arm: 'offline',
        role: 'serving',
        expected_station_hours: 24 * stations.length,
      }),
      ...score,
      resources: { cpu_s: (user + system) / 1e6, gpu_s: null, memory_gb_h: null, memory_bytes_max: null, forecasts },
    };
  }
}
