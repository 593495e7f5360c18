import { expect, test } from 'vitest';
import type { Gate } from '../core/gate.ts';
import { addLatencies, newLatency } from '../core/judge/groups/latency.ts';
import { lossChi2, type StationHours, weightChi2 } from '../core/judge/groups/sample-ratio.ts';
import { metrics } from '../core/metrics.ts';
import { randomOf } from '../core/random.ts';
import { latencyExceedance } from './latency-exceedance.ts';
import { promtool } from './promtool.ts';
import { sampleRatio } from './sample-ratio.ts';

const HOURS = 400;
const MIN_HOURS = 150;
const labels = 'release="r",pod_hash="canary",arm="a"';
const weights = { from: 0.1, to: 0.25 };
const apart = { pinned: 0, kept_out: 0 };
const hours = Array.from({ length: HOURS }, (_, h) => h);

/** The scorer's gauges, hour by hour; null: not exported. */
type Gauges = [metric: { name: string }, values: readonly (number | null)[]][];

/**
 * Looks at the gate every hour by Prometheus' own engine: its value must be `expected` to 1e-9, and absent where that is null. Returns at
 * how many hours it has one.
 */
function agrees(gate: Gate, gauges: Gauges, expected: readonly (number | null)[]): number {
  const plan = { backtested: true, accepted_loss: false };
  const context = { canary: 'pod_hash="canary"', stable: 'pod_hash="s"', window: '1m', ...plan, weights, apart };
  const query = gate.query({ ...context, threshold: gate.threshold, min_hours: MIN_HOURS, age_hours: MIN_HOURS });
  const written = (values: readonly (number | null)[]) => values.map((value) => value ?? '_').join(' ');
  const series = {
    expected: written(expected.map((value) => value ?? Number.NaN)),
    [`${metrics.pair_hours.name}{${labels},theta="0"}`]: written(hours),
    [`${metrics.release_hours.name}{${labels}}`]: written(hours),
    ...Object.fromEntries(gauges.map(([{ name }, values]) => [`${name}{${labels}}`, written(values)])),
  };
  const looks = `(abs((${query}) - on() group_left() expected) <= bool 1e-9)[${HOURS}m:1m]`;
  const at = { at: `${HOURS - 1}m`, interval: '1m' };
  const known = expected.filter((value) => value !== null).length;
  promtool(series, { ...at, expr: `sum(min_over_time(${looks}))`, value: 1 });
  promtool(series, { ...at, expr: `sum(count_over_time(${looks}))`, value: known });
  return known;
}

/** Two groups that lose hours: the canary's `more` often than the control's. */
function losses(random: () => number, passed: number, more: number): number | null {
  const group = (stations: number, lost: number): StationHours[] =>
    Array.from({ length: stations }, () => {
      const answered = Array.from({ length: passed }, random).filter((luck) => luck > lost).length;
      return { answered, passed };
    });
  return lossChi2({ canary: group(12, 0.1 + more), control: group(40, 0.1) });
}

test('the sample ratio of PromQL is that of TypeScript at every look', () => {
  const random = randomOf(9);
  const { threshold } = sampleRatio;
  const looks = hours.map((h) => {
    const stations = h % 50 === 7 ? 0 : 900 + Math.floor(300 * random());
    const share = h % 40 < 5 ? 0.5 * random() : 0.22 + 0.06 * random();
    const lost = h % 60 < 3 ? null : losses(random, 1 + (h % 30), h % 45 === 0 ? 0.4 : 0);
    return { h, stations, canary: Math.floor(stations * share), lost };
  });
  const expected = looks.map(({ h, stations, canary, lost }) => {
    const moving = stations === 0 ? 0 : weightChi2({ stations, canary }, weights);
    if (moving > threshold) return moving;
    if (lost !== null && lost > threshold) return lost;
    if (stations === 0 || h < MIN_HOURS) return null;
    const settled = weightChi2({ stations, canary }, { from: weights.to, to: weights.to });
    return settled <= threshold ? settled : null;
  });
  const gauges: Gauges = [
    [metrics.stations_answered, looks.map(({ stations }) => stations)],
    [metrics.stations_canary, looks.map(({ canary }) => canary)],
    [metrics.sample_ratio_chi2, looks.map(({ lost }) => lost)],
  ];
  const known = agrees(sampleRatio, gauges, expected);
  expect(known).toBeGreaterThan(HOURS - MIN_HOURS - 60);
  expect(expected.filter((chi2) => chi2 !== null && chi2 > threshold).length).toBeGreaterThan(20);
  const wrong = expected.map((chi2, h) =>
    chi2 !== null && h === expected.findLastIndex((one) => one !== null) ? chi2 + 2e-9 : chi2,
  );
  expect(() => agrees(sampleRatio, gauges, wrong)).toThrow();
});

test('the evidence of slowness of PromQL is that of TypeScript at every look', () => {
  const random = randomOf(11);
  const state = newLatency();
  const evidence = hours.map((h) => {
    const slow = h > 90 ? 0.3 : 0.1;
    const answer = (group: 'canary' | 'control') => ({
      group,
      latency_ms: group === 'canary' && random() < slow ? 250 : 5 + 20 * random(),
    });
    addLatencies(state, [...new Array(60).fill('canary'), ...new Array(60).fill('control')].map(answer));
    return state.e;
  });
  const { threshold } = latencyExceedance;
  expect(evidence.at(-1)).toBeGreaterThan(threshold);
  const expected = evidence.map((e, h) => (h >= MIN_HOURS || e >= threshold ? e : null));
  expect(agrees(latencyExceedance, [[metrics.latency_e, evidence]], expected)).toBeGreaterThan(HOURS - MIN_HOURS);
});
