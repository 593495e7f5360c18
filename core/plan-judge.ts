import { formatHours, parseHours } from './duration.ts';
import type { Fault } from './input-error.ts';
import { judgeSettings, TRUTH_DELAY_HOURS } from './judge/settings.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';

/** What the schema cannot say about `judge:`: durations within bounds, and values that only together make no sense. */
export function judgeFaults(source: PlanDocument, { judge = {} }: Pick<WrittenPlan, 'judge'>): Fault[] {
  return [...delayFaults(source, judge.truth_delay), ...detectorFaults(source, judge), ...tariffFaults(source, judge)];
}

type Judge = NonNullable<WrittenPlan['judge']>;

function delayFaults(source: PlanDocument, truth_delay: string | undefined): Fault[] {
  const { min, max } = TRUTH_DELAY_HOURS;
  if (truth_delay === undefined || parseHours(truth_delay) <= max) return [];
  return [
    faultAt(source, ['judge', 'truth_delay'], {
      message: `${truth_delay} is too long: every open hour is kept in memory, and nothing is judged before`,
      fix: `write ${formatHours(min)} to ${formatHours(max)}`,
    }),
  ];
}

/** Detectors that would alarm at once or never. */
function detectorFaults(source: PlanDocument, judge: Judge): Fault[] {
  const { cusum } = judgeSettings({ drift: judge.drift ?? {} }).drift;
  if (cusum.limit > cusum.slack) return [];
  return [
    faultAt(source, ['judge', 'drift', 'cusum'], {
      message: `the limit ${cusum.limit} is not above the slack ${cusum.slack}, so that one bad hour alarms`,
      fix: 'write a limit of 4 or 5, and a slack of half the shift to find',
    }),
  ];
}

function tariffFaults(source: PlanDocument, judge: Judge): Fault[] {
  const { shortfall_per_mwh, surplus_per_mwh } = judgeSettings({ tariff: judge.tariff ?? {} }).tariff;
  if (shortfall_per_mwh > 0 || surplus_per_mwh > 0) return [];
  return [
    faultAt(source, ['judge', 'tariff'], {
      message: 'both prices are 0, so that no error costs anything',
      fix: 'write at least one price, or leave the tariff out',
    }),
  ];
}
