/** Stations without gaps, and the mean of each over the hours that models are fitted on. */
export type Readings = { start_h: number; values_kw: Float64Array[]; means_kw: Float64Array };

const LAGS = 24;
const WEEK = 168;

export type FeatureSet = 'plain' | 'rich';

/** Hours of readings that the features reach back. */
export const REACH_HOURS = 4 * WEEK;

/** Harmonics of the hour of the day, then days of the week. */
const CALENDAR = 6 + 7;
const lengths: Record<FeatureSet, number> = { plain: 2 * LAGS + CALENDAR, rich: 5 * LAGS + CALENDAR };

export function featureCount(set: FeatureSet): number {
  return lengths[set];
}

/**
 * Writes the features at row `issue` of `readings` (divided by `mean`) into `out`. `issue_h` is the same hour since the epoch.
 * plain: the last 24 readings, the 24 of a week before the targets, the calendar; rich: also six days and two weeks before the targets, and
 * the mean of four same hours of the week.
 */
export function writeFeatures(
  set: FeatureSet,
  readings: Float64Array,
  at: { issue: number; issue_h: number; mean: number },
  out: Float64Array,
): void {
  const { issue, issue_h, mean } = at;
  let i = writeCalendar(issue_h, out);
  const back = (hours: number) => {
    for (let k = 1; k <= LAGS; k++) out[i++] = (readings[issue + k - hours] ?? Number.NaN) / mean;
  };
  back(LAGS);
  back(WEEK);
  if (set === 'plain') return;
  back(6 * 24);
  back(2 * WEEK);
  for (let k = 1; k <= LAGS; k++) {
    let sum = 0;
    for (let week = 1; week <= 4; week++) sum += readings[issue + k - week * WEEK] ?? Number.NaN;
    out[i++] = sum / 4 / mean;
  }
}

function writeCalendar(issue_h: number, out: Float64Array): number {
  out.fill(0, 0, CALENDAR);
  for (let harmonic = 1; harmonic <= 3; harmonic++) {
    const angle = (2 * Math.PI * harmonic * (issue_h % 24)) / 24;
    out[2 * harmonic - 2] = Math.sin(angle);
    out[2 * harmonic - 1] = Math.cos(angle);
  }
  out[6 + (Math.floor(issue_h / 24) % 7)] = 1;
  return CALENDAR;
}
