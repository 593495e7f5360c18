import { InputError } from '../../core/input-error.ts';
import { BACKTEST } from '../../core/judge/backtest.ts';
import type { Plan } from '../../core/plan.ts';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { trainingHours } from '../../model-server/split.ts';

/** Which hours of a telemetry set a rehearsal uses for what; all bounds are inclusive target hours. */
export type Window = {
  backtest: { from_h: number; to_h: number };
  /** First domain hour of live traffic: the hour in which the candidate begins to forecast. */
  live_from_h: number;
  /** Domain hours after `live_from_h` at which each phase ends, in the plan's order. */
  phase_ends_h: number[];
  /** First hour of the history that the servers are given. */
  history_from_h: number;
};

/** More days than this make the proof hardly stronger and the wait longer. */
const MOST_BACKTEST_DAYS = 120;

/** Hours after the last phase's end that the feed may still give, so that its last look never starves. */
const TAIL_H = 12;

/**
 * The candidate is trained on the first part, backtested on the days after it, and released in the hours after those: it has seen nothing of
 * what judges it. Throws an InputError for a set too short to rehearse the plan on.
 */
export function rehearsalWindow(telemetry: Telemetry, plan: Plan): Window {
  const trained_h = telemetry.start_h + trainingHours(telemetry);
  const last_h = telemetry.start_h + telemetry.hours - 1;
  const phase_ends_h: number[] = [];
  for (const { kind } of plan.phases) {
    const hours = kind === 'shadow' ? plan.rehearsal.shadow_hours : plan.rehearsal.ramp_hours;
    phase_ends_h.push((phase_ends_h.at(-1) ?? 0) + hours);
  }
  const live_h = (phase_ends_h.at(-1) ?? 0) + TAIL_H;
  const from_h = firstOfDay(trained_h + LEADS);
  const days = Math.min(MOST_BACKTEST_DAYS, Math.floor((last_h - live_h - from_h + 1) / 24));
  if (days < BACKTEST.guard_days) throw tooShort(telemetry, live_h, last_h - trained_h);
  const to_h = from_h + 24 * days - 1;
  const live_from_h = to_h + 1;
  return { backtest: { from_h, to_h }, live_from_h, phase_ends_h, history_from_h: live_from_h - 2 * HISTORY_HOURS };
}

/** Hours are named by their end, so a UTC day begins with the hour that ends at 01:00. */
function firstOfDay(h: number): number {
  return 24 * Math.ceil((h - 1) / 24) + 1;
}

function tooShort(telemetry: Telemetry, live_h: number, rest_h: number): InputError {
  const needed_h = live_h + LEADS + 24 * (BACKTEST.guard_days + 1);
  const until = isoOfHour(telemetry.start_h + telemetry.hours - 1);
  return new InputError([
    {
      place: telemetry.name,
      message: `${telemetry.hours} hours (to ${until}) leave ${rest_h} after training, but a backtest of ${BACKTEST.guard_days} days and the plan's rehearsal need ${needed_h}`,
      fix: `give a longer set, or shorten rehearsal in the plan`,
    },
  ]);
}
