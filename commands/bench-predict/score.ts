import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { STRIDE_H } from '../../model-server/evaluate.ts';
import { type ForecastBlock, offlineForecasts } from '../../model-server/offline.ts';
import type { Predictor } from '../../model-server/predictor.ts';

/** One predictor at one station on held-out time. `held` counts actual readings within the interval. */
export type StationScore = { error_kw: number; count: number; held: number; said: number };

/** `measured_cpu_s`: of all threads, for every forecast and what is learned meanwhile. */
export type Score = { name: string; stations: StationScore[]; measured_cpu_s: number; trained_cpu_s?: number };

/** Issue hours between two notices of progress. */
const HOURS_AT_ONCE = 240;

/** Forecasts every STRIDE_H-th hour from `from_h` on; a predictor that learns goes on learning. */
export async function score(
  name: string,
  predictor: Predictor,
  telemetry: Telemetry,
  from_h: number,
  onProgress: (share: number) => void,
): Promise<Score> {
  const before = cpuSeconds();
  const stations = telemetry.stations.map(() => ({ error_kw: 0, count: 0, held: 0, said: 0 }));
  const forecast = offlineForecasts(predictor, telemetry, { stride_h: STRIDE_H });
  const to_h = telemetry.start_h + telemetry.hours - LEADS;
  for (let h = from_h; h < to_h; h += HOURS_AT_ONCE) {
    await forecast(h, Math.min(h + HOURS_AT_ONCE, to_h), (block) => add(block, telemetry, stations));
    onProgress(Math.min(1, (h + HOURS_AT_ONCE - from_h) / (to_h - from_h)));
  }
  return { name, stations, measured_cpu_s: cpuSeconds() - before };
}

/** Of this process so far, by all its threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function add(block: ForecastBlock, { start_h, values_kw }: Telemetry, stations: StationScore[]): void {
  for (let at = 0; at < block.values_kw.length; at++) {
    const row = Math.floor(at / LEADS);
    const station = row % stations.length;
    const issue = block.from_h + Math.floor(row / stations.length) * block.stride_h - start_h;
    const actual_kw = values_kw[station]?.[issue + 1 + (at % LEADS)] ?? Number.NaN;
    const sums = stations[station];
    if (sums === undefined || Number.isNaN(actual_kw)) continue;
    sums.error_kw += Math.abs((block.values_kw[at] ?? Number.NaN) - actual_kw);
    sums.count++;
    const [low_kw, high_kw] = [block.low_kw[at] ?? Number.NaN, block.high_kw[at] ?? Number.NaN];
    if (Number.isNaN(low_kw)) continue;
    sums.said++;
    if (actual_kw >= low_kw && actual_kw <= high_kw) sums.held++;
  }
}

export type Summary = {
  name: string;
  /** Means over stations of the MAE over that of control and of the fallback. */
  to_control: number;
  to_fallback: number;
  /** Share of stations with a larger MAE than the fallback's. */
  worse: number;
  /** Share of actual readings within the interval; NaN: it gives none. */
  coverage: number;
  trained_cpu_s: number | null;
  measured_cpu_s: number;
};

/** Stations that control or the fallback forecasts without error cannot be compared. */
export function summarise(score: Score, control: Score, fallback: Score): Summary {
  const { name, stations, measured_cpu_s, trained_cpu_s = null } = score;
  const mae = (of: StationScore | undefined) => (of === undefined ? Number.NaN : of.error_kw / of.count);
  const rows = stations.flatMap((of, s) => {
    const [ours, controls, fallbacks] = [mae(of), mae(control.stations[s]), mae(fallback.stations[s])];
    return controls > 0 && fallbacks > 0 ? [{ to_control: ours / controls, to_fallback: ours / fallbacks }] : [];
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const sum = (of: (station: StationScore) => number) => stations.reduce((total, station) => total + of(station), 0);
  return {
    name,
    to_control: mean(rows.map((row) => row.to_control)),
    to_fallback: mean(rows.map((row) => row.to_fallback)),
    worse: mean(rows.map((row) => (row.to_fallback > 1 ? 1 : 0))),
    coverage: sum(({ held }) => held) / sum(({ said }) => said),
    ...{ trained_cpu_s, measured_cpu_s },
  };
}
