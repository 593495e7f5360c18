/**
 * Backtests a candidate against the stable release, both by digest: a process of its own, so that TensorFlow's work does not hold up a lab that starts.
 * Writes the judged backtest into the registry and prints `BacktestReport` as JSON.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Backtest, judgeBacktest } from '../../core/judge/backtest.ts';
import { type PairedLosses, pairLosses, StationHourLosses, type Truth } from '../../core/judge/losses.ts';
import { LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { openRelease } from '../../model-server/models.ts';
import { forecastRange } from '../../model-server/offline.ts';
import { readTelemetry } from '../../telemetry/read.ts';

export type BacktestReport = {
  backtest: Backtest;
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
  },
});

const telemetry = await readTelemetry(values.telemetry);
const range = { from_h: Number(values.from), to_h: Number(values.to) };
const stable = await lossesOf(values.stable, telemetry);
const candidate = await lossesOf(values.candidate, telemetry);
const losses = pairLosses(candidate, stable);
const file = path.join(values.registry, registryPath.backtest(values.candidate));
const backtest = judgeBacktest({
  candidate_release: values.candidate,
  stable_release: values.stable,
  losses,
  tries: (await triesBefore(file)) + 1,
});
await mkdir(path.dirname(file), { recursive: true });
// A name of its own: rehearsals side by side share the registry.
const draft = `${file}.${randomUUID()}`;
await writeFile(draft, JSON.stringify(backtest));
await rename(draft, file);
const report: BacktestReport = { backtest, days: daysOf(losses) };
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

async function triesBefore(path: string): Promise<number> {
  try {
    const before: unknown = JSON.parse(await readFile(path, 'utf8'));
    const tries: unknown = before !== null && typeof before === 'object' ? Reflect.get(before, 'tries') : undefined;
    return typeof tries === 'number' ? tries : 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

function daysOf({ days }: PairedLosses): BacktestReport['days'] {
  return { candidate: [...days.candidate], stable: [...days.stable] };
}
