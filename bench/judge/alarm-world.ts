import { consistencyRun } from '../../core/judge/consistency.ts';
import { DIFFERENCE_FIELDS, fleetDifference } from '../../core/judge/differences.ts';
import { hourMeans } from '../../core/judge/hour-means.ts';
import type { Losses } from './candidates.ts';
import type { Pair } from './models.ts';
import { tiedPair } from './recorded-world.ts';

/** Days of backtest, second look included, and of shadow after it. */
const BACKTEST_DAYS = 134;
const SHADOW_DAYS = 14;

/** Whether consistency raises an alarm over the days of a path. */
export type AlarmOfPath = (days: Int32Array, seed: string) => boolean;

/** Ties over leads 1-24, hour by hour and all stations together, as the live side sees them. */
export function alarmWorld(losses: Losses, pair: Pair): AlarmOfPath {
  const { stations, hours } = losses;
  const { candidate, stable } = tiedPair(losses, pair, 'leads 1-24');
  const errors = new Float64Array(2 * stations * hours);
  for (let s = 0; s < stations; s++)
    for (let h = 0; h < hours; h++) {
      errors[2 * (h * stations + s)] = candidate.hours[s * hours + h] ?? Number.NaN;
      errors[2 * (h * stations + s) + 1] = stable.hours[s * hours + h] ?? Number.NaN;
    }
  const recorded = { stations, errors, differences: losses.differences[pair] };
  return (days, seed) => {
    const scale_kw = new Float64Array(stations).map((_, s) => {
      let sum = 0;
      for (let d = 0; d < BACKTEST_DAYS; d++) sum += stable.days[(s * hours) / 24 + (days[d] ?? 0)] ?? Number.NaN;
      return sum / BACKTEST_DAYS;
    });
    const backtest = seriesOf(recorded, days.subarray(0, BACKTEST_DAYS), scale_kw);
    const live = seriesOf(recorded, days.subarray(BACKTEST_DAYS, BACKTEST_DAYS + SHADOW_DAYS), scale_kw);
    return consistencyRun(backtest, live, seed).alarm_h !== null;
  };
}

/** `errors`: candidate's and stable's of each station-hour; `differences` as in Losses. */
type Recorded = { stations: number; errors: Float64Array; differences: Float64Array };

/** What consistency sees of some recorded days, one after another; hour 1 is the first. */
function seriesOf({ stations, errors, differences }: Recorded, days: Int32Array, scale_kw: Float64Array) {
  const length = 24 * days.length;
  const numbered = new Float64Array(length).map((_, i) => i + 1);
  const hours = { target_h: numbered, candidate: new Float64Array(length), stable: new Float64Array(length) };
  const column = () => new Float64Array(length);
  const issues = { issue_h: numbered, bias: column(), log_distance: column(), size: column() };
  for (let i = 0; i < length; i++) {
    const h = 24 * (days[Math.floor(i / 24)] ?? 0) + (i % 24);
    const loss = hourMeans(errors.subarray(2 * h * stations, 2 * (h + 1) * stations), 2, scale_kw);
    const difference = fleetDifference(
      differences.subarray(DIFFERENCE_FIELDS * h * stations, DIFFERENCE_FIELDS * (h + 1) * stations),
      scale_kw,
    );
    if (loss === null || difference === null) throw new RangeError('a recorded hour has too few stations');
    hours.candidate[i] = loss.candidate;
    hours.stable[i] = loss.stable;
    issues.bias[i] = difference.bias;
    issues.log_distance[i] = difference.log_distance;
    issues.size[i] = difference.size;
  }
  return { hours, issues };
}
