/**
 * Backtests a candidate against the stable release, both by digest: a process of its own, so that TensorFlow's work does not hold up a lab that starts.
 * Writes the judged backtest into the registry and prints `BacktestReport` as JSON.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../../core/input-error.ts';
import { type Backtest, judgeBacktest } from '../../core/judge/backtest.ts';
import { parseBacktest } from '../../core/judge/backtest-file.ts';
import { IssueDifferences, type IssueSeries } from '../../core/judge/differences.ts';
import { type PairedLosses, pairLosses, StationHourLosses } from '../../core/judge/losses.ts';
import type { ImplausibleReason } from '../../core/judge/plausible.ts';
import { judgedTruth } from '../../core/judge/screen.ts';
import { takeLook } from '../../core/judge/second-look.ts';
import { LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { openRelease } from '../../model-server/models.ts';
import { type ForecastBlock, forecastRange, type Lateness } from '../../model-server/offline.ts';
import { lateHours, usualLateness } from '../../telemetry/late.ts';
import { readTelemetry } from '../../telemetry/read.ts';

export type BacktestReport = {
  backtest: Backtest;
  /** Why the pair was not looked at again, if it was not: `backtest` is then what was said before. */
  refused: string | null;
  /** Readings of the backtest's hours that cannot be true, and therefore judge nothing. */
  quarantined: Record<ImplausibleReason, number>;
  /** Means of L/m_s, one per judged day. */
  days: { candidate: number[]; stable: number[] };
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

/** Issue hours whose forecasts of both versions are held together: enough for full batches, little beside the losses. */
const HOURS_AT_ONCE = 72;

const telemetry = await readTelemetry(values.telemetry);
const range = { from_h: Number(values.from), to_h: Number(values.to) };
/** Readings come as late as in the replay: the backtest must not know more than the servers will. */
const lateness: Lateness = { max_h: usualLateness.max_h, hours: lateHoursOf(telemetry) };
const { truth, quarantined } = judgedTruth(telemetry, range, {
  truth_delay_hours: Number(values['truth-delay']),
  late_hours: lateness.hours,
});
const { losses, issues } = await compared();
const file = path.join(values.registry, registryPath.backtest(values.candidate));
const before = await earlier(file);
const tries = (before?.tries ?? 0) + 1;
const look = takeLook(before?.stable_release === values.stable ? before : null, losses.days.candidate.length);
const backtest = before !== null && 'refused' in look ? { ...before, tries } : judged('refused' in look ? {} : look);
await mkdir(path.dirname(file), { recursive: true });
// A name of its own: rehearsals side by side share the registry.
const draft = `${file}.${randomUUID()}`;
await writeFile(draft, JSON.stringify(backtest));
await rename(draft, file);
const refused = 'refused' in look ? look.refused : null;
const report: BacktestReport = { backtest, refused, quarantined, days: daysOf(losses) };
process.stdout.write(JSON.stringify(report));

/** Forecasts both versions side by side, a few days at a time: together with their losses, how they differ is known. */
async function compared(): Promise<{ losses: PairedLosses; issues: IssueSeries }> {
  const stable = await side(values.stable);
  const candidate = await side(values.candidate);
  const differences = new IssueDifferences();
  for (let h = range.from_h - LEADS; h < range.to_h; h += HOURS_AT_ONCE) {
    const to_h = Math.min(h + HOURS_AT_ONCE, range.to_h);
    const stable_kw = await stable.forecast(h, to_h);
    const candidate_kw = await candidate.forecast(h, to_h);
    for (const [i, values_kw] of candidate_kw.entries())
      differences.add(h + i, values_kw, stable_kw[i] ?? new Float64Array(0));
  }
  const losses = pairLosses(candidate.losses, stable.losses);
  const scale_kw = truth.stations.map(({ station_id }) => losses.scale_kw[station_id] ?? Number.NaN);
  return { losses, issues: differences.series(Float64Array.from(scale_kw)) };
}

/** One version: forecasts a range of issue hours, one array of all stations each, and adds up its losses. */
async function side(release: string) {
  const { predictor } = await openRelease(values.registry, release);
  const losses = new StationHourLosses(truth, range);
  const size = truth.stations.length * LEADS;
  const forecast = async (from_h: number, to_h: number) => {
    const hours: Float64Array[] = [];
    const onBlock = (block: ForecastBlock) => {
      for (let i = 0; i < block.hours; i++) {
        const values_kw = block.values_kw.subarray(i * size, (i + 1) * size);
        hours.push(values_kw);
        for (const s of truth.stations.keys())
          losses.add(block.from_h + i, s, values_kw.subarray(s * LEADS, (s + 1) * LEADS));
      }
    };
    await forecastRange(predictor, telemetry, from_h, to_h, onBlock, { lateness });
    return hours;
  };
  return { losses, forecast };
}

function judged(look: { looked_at_days?: number[] }): Backtest {
  const accepted_loss = values['accepted-loss'];
  return judgeBacktest({
    candidate_release: values.candidate,
    stable_release: values.stable,
    losses,
    issues,
    tries,
    ...look,
    ...(accepted_loss === undefined ? {} : { accepted_loss }),
  });
}

/** What was said of this candidate before. What an older program wrote otherwise cannot stand, so it is judged anew. */
async function earlier(file: string): Promise<Backtest | null> {
  try {
    return parseBacktest(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof InputError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}

function daysOf({ days }: PairedLosses): BacktestReport['days'] {
  return { candidate: [...days.candidate], stable: [...days.stable] };
}

function lateHoursOf({ stations }: Telemetry): Lateness['hours'] {
  const seed = Number(values.seed);
  return (station, target_h) => lateHours(seed, stations[station]?.station_id ?? '', target_h);
}
