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
import { type PairedLosses, pairLosses, StationHourLosses, type Truth } from '../../core/judge/losses.ts';
import { takeLook } from '../../core/judge/second-look.ts';
import { LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { openRelease } from '../../model-server/models.ts';
import { forecastRange } from '../../model-server/offline.ts';
import { readTelemetry } from '../../telemetry/read.ts';

export type BacktestReport = {
  backtest: Backtest;
  /** Why the pair was not looked at again, if it was not: `backtest` is then what was said before. */
  refused: string | null;
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
    'accepted-loss': { type: 'string' },
  },
});

const telemetry = await readTelemetry(values.telemetry);
const range = { from_h: Number(values.from), to_h: Number(values.to) };
const stable = await lossesOf(values.stable, telemetry);
const candidate = await lossesOf(values.candidate, telemetry);
const losses = pairLosses(candidate, stable);
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
const report: BacktestReport = { backtest, refused, days: daysOf(losses) };
process.stdout.write(JSON.stringify(report));

async function lossesOf(release: string, truth: Telemetry & Truth): Promise<StationHourLosses> {
  const { predictor } = await openRelease(values.registry, release);
  const sums = new StationHourLosses(truth, range);
  const stations = truth.stations.length;
  await forecastRange(predictor, truth, range.from_h - LEADS, range.to_h, (block) => {
    for (let row = 0; row < block.hours * stations; row++) {
      const issue_h = block.from_h + Math.floor(row / stations) * block.stride_h;
      sums.add(issue_h, row % stations, block.values_kw.subarray(row * LEADS, (row + 1) * LEADS));
    }
  });
  return sums;
}

function judged(look: { looked_at_days?: number[] }): Backtest {
  const accepted_loss = values['accepted-loss'];
  return judgeBacktest({
    candidate_release: values.candidate,
    stable_release: values.stable,
    losses,
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
