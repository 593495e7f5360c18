import { expect, test } from 'vitest';
import type { Compared } from './compare.ts';
import { type Figures, goals } from './goals.ts';
import type { Known } from './known.ts';

const compared = (name: string, stations: number, calls_per_cpu_s: number[]): Compared => ({
  ...{ name, stations, calls_per_cpu_s },
  ...{ calls_per_s: [], p99_ms: [] },
});
const fleet = (stations: number, forecasts_per_cpu_s: number, half_load_p99_ms: number): Known => ({
  ...{ stations, stations_per_call: Math.min(1000, stations), forecasts_per_cpu_s, half_load_p99_ms },
  ...{ first_per_cpu_s: stations === 100 ? 20_000 : 25_000, calls_per_s: 1, ready_s: 1, peak_rss_mb: 1 },
});
const figures: Figures = {
  compared: [
    compared('gridramp', 1, [80, 100, 90]),
    compared('fastify, hand-written', 1, [100]),
    compared('gridramp', 100, [12]),
    compared('FastAPI + orjson + ONNX Runtime', 100, [10]),
  ],
  fleets: [fleet(100, 1, 99), fleet(1000, 600_000, 6), fleet(100_000, 500_000, 4)],
  cold: { without_tensorflow: { ready_s: 1, rss_mb: 131 }, with_tensorflow: { ready_s: 2.5, rss_mb: 300 } },
  workers: { per_cpu_s: 0.95, speedup: null },
};

test('each goal is held against the median of the rounds, or against the worst of the fleets that are asked in calls of 1,000', () => {
  const seen = goals(figures).map(({ measured, met }) => [measured, met]);
  expect(seen).toEqual([
    [null, null],
    [0.9, true],
    [1.2, true],
    [500_000, true],
    [6, false],
    [1.25, true],
    [1.2, true],
    [1, true],
    [2.5, false],
    [131, false],
    [0.95, true],
    [null, null],
  ]);
});
