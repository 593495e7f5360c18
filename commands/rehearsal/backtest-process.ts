/**
 * Backtests every arm of a candidate against the stable release, both by digest: a process of its own, so that TensorFlow's work does not hold up a
 * lab that starts. Writes the judged backtests into the registry and prints `BacktestReport` as JSON.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../../core/input-error.ts';
import { type Backtest, judgeBacktest, saidAgain } from '../../core/judge/backtest.ts';
import { parseBacktest } from '../../core/judge/backtest-file.ts';
import type { ImplausibleReason } from '../../core/judge/plausible.ts';
import { judgedTruth } from '../../core/judge/screen.ts';
import { takeLook } from '../../core/judge/second-look.ts';
import { registryPath } from '../../core/registry.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import { type OpenRelease, openRelease } from '../../model-server/models.ts';
import type { Lateness } from '../../model-server/offline.ts';
import { lateHours, usualLateness } from '../../telemetry/late.ts';
import { readTelemetry } from '../../telemetry/read.ts';
import { type Arm, type ComparedArm, compareArms } from './backtest-arms.ts';
import { type JudgedDays, judgedDays } from './judged-days.ts';

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
const before = new Map(await Promise.all(arms.map(async ({ name }) => [name, await earlier(name)] as const)));
/** Of the candidate: its arms are tried together. */
const tries = 1 + Math.max(...Array.from(before.values(), (said) => said?.tries ?? 0));
const report: BacktestReport = { arms: arms.map(reportOf), quarantined };
for (const { backtest } of report.arms) await write(backtest);
process.stdout.write(JSON.stringify(report));

function armsOf({ arms, predictor }: OpenRelease): Arm[] {
  if (arms.size < 2) return [{ name: null, predictor }];
  return Array.from(arms, ([name, predictor]) => ({ name, predictor }));
}

/** Judges an arm, or says again what was said when it may not be looked at once more. */
function reportOf({ name, losses, issues }: ComparedArm): ArmReport {
  const said = before.get(name) ?? null;
  const days = judgedDays(losses);
  const window = { from: isoOfHour(range.from_h), to: isoOfHour(range.to_h), days: losses.days.candidate.length, seed };
  const look = takeLook(said?.stable_release === values.stable ? said : null, window);
  if (said !== null && 'refused' in look) return { backtest: saidAgain(said, tries), refused: look.refused, days };
  const accepted_loss = values['accepted-loss'];
  const backtest = judgeBacktest({
    candidate_release: values.candidate,
    stable_release: values.stable,
    losses,
    issues,
    tries,
    ...look,
    ...(accepted_loss === undefined ? {} : { accepted_loss }),
    ...(name === null ? {} : { arm: { name, of: arms.length } }),
  });
  return { backtest, refused: null, days };
}

/** What was said of an arm before. What an older program wrote otherwise cannot stand, so it is judged anew. */
async function earlier(arm: string | null): Promise<Backtest | null> {
  const file = fileOf(arm);
  try {
    return parseBacktest(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof InputError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}

async function write(backtest: Backtest): Promise<void> {
  const file = fileOf(backtest.arm);
  await mkdir(path.dirname(file), { recursive: true });
  // A name of its own: rehearsals side by side share the registry.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(backtest));
  await rename(draft, file);
}

function fileOf(arm: string | null): string {
  return path.join(values.registry, registryPath.backtest(values.candidate, arm ?? undefined));
}
