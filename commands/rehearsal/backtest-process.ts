/**
 * Backtests every arm of a candidate against the stable release, both by digest: a process of its own, so that TensorFlow's work does not hold up a
 * lab that starts. Writes the judged backtests into the registry and prints `BacktestReport` as JSON; or, with exit code 2, the faults of an InputError.
 */
import { parseArgs } from 'node:util';
import { exitCode } from '../../core/exit.ts';
import { InputError } from '../../core/input-error.ts';
import { type Backtest, judgeBacktest, saidAgain } from '../../core/judge/backtest.ts';
import { whyHeld } from '../../core/judge/part-coverage.ts';
import type { ImplausibleReason } from '../../core/judge/plausible.ts';
import { judgedTruth } from '../../core/judge/screen.ts';
import { takeLook } from '../../core/judge/second-look.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import type { Lateness } from '../../model-server/known-hours.ts';
import { type OpenRelease, openRelease } from '../../model-server/models.ts';
import { lateHours, usualLateness } from '../../telemetry/late.ts';
import { readTelemetry } from '../../telemetry/read.ts';
import { type Arm, type ComparedArm, compareArms } from './backtest-arms.ts';
import { type JudgedDays, judgedDays } from './judged-days.ts';
import { judgeOnTop, type SaidBefore } from './said-before.ts';

export type BacktestReport = {
  /** At least one; `backtest.arm` names each where there are several. */
  arms: ArmReport[];
  /** Readings of the backtest's hours that cannot be true, and therefore judge nothing. */
  quarantined: Record<ImplausibleReason, number>;
};

export type ArmReport = {
  backtest: Backtest;
  /** Why the arm was not looked at again, if it was not: `backtest` is then what was said before. */
  refused: string | null;
  days: JudgedDays;
};

const { values } = parseArgs({
  options: {
    telemetry: { type: 'string', default: '' },
    registry: { type: 'string', default: '' },
    stable: { type: 'string', default: '' },
    candidate: { type: 'string', default: '' },
    from: { type: 'string', default: '' },
    to: { type: 'string', default: '' },
    seed: { type: 'string', default: '' },
    'truth-delay': { type: 'string', default: '' },
    'accepted-loss': { type: 'string' },
  },
});

try {
  process.stdout.write(JSON.stringify(await run()));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stdout.write(JSON.stringify(error.faults));
  process.exitCode = exitCode.usage;
}

async function run(): Promise<BacktestReport> {
  const telemetry = await readTelemetry(values.telemetry);
  const range = { from_h: Number(values.from), to_h: Number(values.to) };
  const seed = Number(values.seed);
  /** Readings come as late as in the replay: the backtest must not know more than the servers will. */
  const lateness: Lateness = {
    max_h: usualLateness.max_h,
    hours: (station, target_h) => lateHours(seed, telemetry.stations[station]?.station_id ?? '', target_h),
  };
  const truth_delay_hours = Number(values['truth-delay']);
  const { truth, quarantined } = judgedTruth(telemetry, range, { truth_delay_hours, late_hours: lateness.hours });
  const stable = await openRelease(values.registry, values.stable);
  const candidate = await openRelease(values.registry, values.candidate);
  const arms = await compareArms({ telemetry, truth, lateness, range }, stable.predictor, armsOf(candidate));
  const names = arms.map(({ name }) => name);
  const reports = await judgeOnTop(values.registry, values, names, (before) => judge(arms, before, { ...range, seed }));
  return { arms: reports, quarantined };
}

function armsOf({ arms, predictor }: OpenRelease): Arm[] {
  if (arms.size < 2) return [{ name: null, predictor }];
  return Array.from(arms, ([name, predictor]) => ({ name, predictor }));
}

type Window = { from_h: number; to_h: number; seed: number };

/** The arms are tried together. */
function judge(arms: readonly ComparedArm[], before: readonly SaidBefore[], window: Window): ArmReport[] {
  const tries = 1 + Math.max(...before.map((told) => told.tries));
  return arms.map((arm, i) => reportOf(arm, before[i]?.said ?? null, { window, tries, of: arms.length }));
}

/** Judges an arm, or says again what was said when it may not be looked at once more. */
function reportOf(
  { name, losses, issues, coverage }: ComparedArm,
  said: Backtest | null,
  { window, tries, of }: { window: Window; tries: number; of: number },
): ArmReport {
  const days = judgedDays(losses);
  const { seed } = window;
  const [from, to] = [isoOfHour(window.from_h), isoOfHour(window.to_h)];
  const look = takeLook(said, { from, to, days: losses.days.candidate.length, seed });
  if (said !== null && 'refused' in look) return { backtest: saidAgain(said, tries), refused: look.refused, days };
  const accepted_loss = values['accepted-loss'];
  const backtest = judgeBacktest({
    candidate_release: values.candidate,
    stable_release: values.stable,
    losses,
    issues,
    tries,
    held: whyHeld(coverage, 'backtested'),
    ...look,
    ...(accepted_loss === undefined ? {} : { accepted_loss }),
    ...(name === null ? {} : { arm: { name, of } }),
  });
  return { backtest, refused: null, days };
}
