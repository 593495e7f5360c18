import { beforeAll, expect, test } from 'vitest';
import { compare, type Forecaster, mixed } from '../../bench/consistency/compare.ts';
import { faultsOf, sizesOf } from '../../bench/consistency/faults.ts';
import { forecastRange } from '../../model-server/offline.ts';
import { seasonal } from '../../model-server/seasonal.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';
import { LEADS } from '../record.ts';
import type { Telemetry } from '../telemetry.ts';
import { consistencyOf, consistencyRun } from './consistency.ts';
import { alarmNames, type ConsistencySeries, consistencyConstants, limitOf } from './consistency-constants.ts';
import { consistencySentence } from './consistency-sentence.ts';
import { CONSISTENCY_HOURS, ConsistencyStream, newConsistency } from './consistency-stream.ts';
import { fleetDifference, IssueDifferences, stationDifferences } from './differences.ts';
import { pairLosses, StationHourLosses } from './losses.ts';
import { PairedHours } from './pairs.ts';

const BACKTEST_DAYS = 90;
const STATIONS = 40;
/** Two nearly identical models: means of the same hour a day and a week before. */
const [day, week] = [forecaster(24), forecaster(168)];
const pair = { candidate: mixed(day, week, 0.55), stable: mixed(day, week, 0.5) };

function forecaster(lag_h: number): Forecaster {
  return async (from_h, to_h) => {
    const found: Float64Array[] = [];
    const size = STATIONS * LEADS;
    await forecastRange(seasonal(lag_h), telemetry, from_h, to_h, ({ hours, values_kw }) => {
      for (let i = 0; i < hours; i++) found.push(values_kw.subarray(i * size, (i + 1) * size));
    });
    return found;
  };
}

let telemetry: Telemetry;
let start_h = 0;
let live_h = 0;
let honest: ConsistencySeries;
let faulty: Map<string, ConsistencySeries>;

beforeAll(async () => {
  const set = await readTelemetry(embeddedTelemetry);
  telemetry = { ...set, stations: set.stations.slice(0, STATIONS), values_kw: set.values_kw.slice(0, STATIONS) };
  start_h = 24 * Math.ceil((set.start_h + 24 * 60) / 24) + 1;
  live_h = start_h + 24 * BACKTEST_DAYS;
  const faults = faultsOf(sizesOf(telemetry.values_kw), 3);
  const range = { from_h: start_h, to_h: live_h + CONSISTENCY_HOURS - 1 };
  const found = await compare(telemetry, pair, range, faults);
  faulty = new Map(faults.map(({ name }, i) => [name, found[i] ?? none]));
  honest = part(faulty.get('none (tie)') ?? none, start_h, live_h);
}, 60_000);

const nothing = new Float64Array(0);
const none: ConsistencySeries = { hours: { target_h: nothing, candidate: nothing, stable: nothing }, issues: null };

/** The target hours from `from_h` up to, not including, `to_h`, and the issue hours before each of them. */
function part({ hours, issues }: ConsistencySeries, from_h: number, to_h: number): ConsistencySeries {
  const within = (at: Float64Array, shift: number) => (column: Float64Array) =>
    column.filter((_v, i) => (at[i] ?? 0) + shift >= from_h && (at[i] ?? 0) + shift < to_h);
  const target = within(hours.target_h, 0);
  const issue = within(issues?.issue_h ?? nothing, 1);
  return {
    hours: { target_h: target(hours.target_h), candidate: target(hours.candidate), stable: target(hours.stable) },
    issues: issues && {
      ...{ issue_h: issue(issues.issue_h), bias: issue(issues.bias) },
      ...{ log_distance: issue(issues.log_distance), size: issue(issues.size) },
    },
  };
}

const liveOf = (fault: string) => part(faulty.get(fault) ?? none, live_h, live_h + CONSISTENCY_HOURS);

test('live pairs give the series of the backtest', async () => {
  const range = { from_h: start_h, to_h: start_h + 47 };
  const [from_h, to_h] = [range.from_h - LEADS, range.to_h];
  const sides = { candidate: await pair.candidate(from_h, to_h), stable: await pair.stable(from_h, to_h) };
  const losses = {
    candidate: new StationHourLosses(telemetry, range),
    stable: new StationHourLosses(telemetry, range),
  };
  const [differences, hours] = [new IssueDifferences(), new PairedHours()];
  for (const [i, candidate] of sides.candidate.entries()) {
    const stable = sides.stable[i] ?? nothing;
    for (let s = 0; s < STATIONS; s++) {
      losses.candidate.add(start_h - LEADS + i, s, candidate.subarray(s * LEADS, (s + 1) * LEADS));
      losses.stable.add(start_h - LEADS + i, s, stable.subarray(s * LEADS, (s + 1) * LEADS));
    }
    differences.add(start_h - LEADS + i, candidate, stable);
    hours.put(start_h - LEADS + i, { candidate, stable });
  }
  const paired = pairLosses(losses.candidate, losses.stable);
  const scale_kw = Float64Array.from(telemetry.stations, ({ station_id }) => paired.scale_kw[station_id] ?? Number.NaN);
  const issues = differences.series(scale_kw);
  expect([...issues.issue_h]).toEqual(sides.candidate.map((_v, i) => start_h - LEADS + i));
  for (const [i, candidate] of sides.candidate.entries())
    expect(fleetDifference(stationDifferences(candidate, sides.stable[i] ?? nothing), scale_kw)).toEqual({
      bias: issues.bias[i],
      log_distance: issues.log_distance[i],
      size: issues.size[i],
    });
  for (const [i, target_h] of paired.hours.target_h.entries()) {
    const truth = telemetry.values_kw.map((values) => values[target_h - telemetry.start_h] ?? Number.NaN);
    const means = hours.close(target_h, Float64Array.from(truth), scale_kw);
    expect(means?.candidate).toBeCloseTo(paired.hours.candidate[i] ?? Number.NaN, 12);
    expect(means?.stable).toBeCloseTo(paired.hours.stable[i] ?? Number.NaN, 12);
  }
});

test("the live stream over the backtest's own hours finds its largest deviations, and raises no alarm", () => {
  const constants = consistencyConstants(honest, 'sha256:a');
  const largest: Partial<Record<string, number>> = {};
  for (let from_h = start_h; from_h < live_h; from_h += 24) {
    const { alarms } = consistencyOf(constants, part(honest, from_h, from_h + CONSISTENCY_HOURS));
    for (const name of alarmNames) {
      largest[name] = Math.max(largest[name] ?? 0, alarms[name]?.z ?? 0);
      expect(alarms[name]?.exceeded_h ?? null).toBeNull();
    }
  }
  const { label_free, loss_ratio } = constants;
  expect(largest['bias-1h']).toBe(label_free?.['bias-1h'].largest);
  expect(largest['distance-1h']).toBe(label_free?.['distance-1h'].largest);
  expect(largest['bias-6h']).toBeCloseTo(label_free?.['bias-6h'].largest ?? 0, 12);
  expect(largest['loss-ratio']).toBeCloseTo(loss_ratio.largest, 12);
});

test('the fortnight after the backtest raises no alarm', () => {
  const { alarms, alarm_h } = consistencyRun(honest, liveOf('none (tie)'), 'sha256:a');
  expect(Object.keys(alarms).sort()).toEqual([...alarmNames].sort());
  expect(alarm_h).toBeNull();
});

test.each(['error + 20 %', 'bias of 5 %', 'hours shifted by one', 'a tenth of the stations swapped'])(
  '%s raises an alarm within 14 days',
  (fault) => {
    const { alarm_h } = consistencyRun(honest, liveOf(fault), 'sha256:a');
    expect(alarm_h).toBeGreaterThanOrEqual(live_h - 1);
    expect(alarm_h).toBeLessThan(live_h + CONSISTENCY_HOURS);
  },
);

test('an alarm that was raised stays so, and nothing is looked at after 14 days', () => {
  const constants = consistencyConstants(honest, 'sha256:a');
  const usual = constants.label_free?.level.bias ?? [];
  const at = (issue_h: number, more: number) => ({
    bias: (usual[issue_h % 24] ?? 0) + more,
    log_distance: -9,
    size: 1,
  });
  const limit = (limitOf(constants, 'bias-1h') ?? 0) * (constants.label_free?.['bias-1h'].sd ?? 0);
  const stream = new ConsistencyStream(constants, newConsistency());
  stream.issue(1000, at(1000, -0.99 * limit));
  expect(stream.state.alarms['bias-1h']).toMatchObject({ exceeded_h: null, hour: 1000 });
  stream.issue(1001, at(1001, -1.01 * limit));
  stream.issue(1002, at(1002, 1.02 * limit));
  stream.issue(1003, at(1003, 0));
  const { z, ...peak } = stream.state.alarms['bias-1h'] ?? { z: 0 };
  expect(peak).toEqual({ value: expect.closeTo(1.02 * limit, 9), hour: 1002, exceeded_h: 1001 });
  expect(consistencySentence(constants, stream.state.alarms)).toMatch(
    /^Live, the candidate forecasts [\d.]+ % higher than in the backtest, over 1 h \(z [\d.]+, limit [\d.]+\)\.$/,
  );
  stream.issue(1000 + CONSISTENCY_HOURS, at(1000, 9 * limit));
  expect(stream.state.alarms['bias-1h']?.z).toBe(z);
  const later = new ConsistencyStream(constants, structuredClone(stream.state));
  expect(later.state).toEqual(JSON.parse(JSON.stringify(stream.state)));
});

test('a gap empties the windows: nothing is said over hours that are not there', () => {
  const constants = consistencyConstants(honest, 'sha256:a');
  const stream = new ConsistencyStream(constants, newConsistency());
  for (let h = 1; h <= 47; h++) if (h !== 24) stream.hour(2400 + h, { candidate: 1, stable: 1 });
  for (let h = 0; h <= 10; h++) if (h !== 5) stream.issue(2400 + h, { bias: 0, log_distance: 0, size: 1 });
  expect(Object.keys(stream.state.alarms).sort()).toEqual(['bias-1h', 'distance-1h']);
  stream.hour(2448, { candidate: 1, stable: 1 });
  stream.issue(2411, { bias: 0, log_distance: 0, size: 1 });
  expect(Object.keys(stream.state.alarms).sort()).toEqual([...alarmNames].sort());
});

test('one model in two releases has finite limits, and a difference shows', () => {
  const same = (series: ConsistencySeries): ConsistencySeries => ({
    hours: { ...series.hours, candidate: series.hours.stable },
    issues: series.issues && {
      ...series.issues,
      ...{ bias: series.issues.bias.map(() => 0), log_distance: series.issues.log_distance.map(() => Math.log(1e-3)) },
    },
  });
  const live = liveOf('none (tie)');
  const constants = consistencyConstants(same(honest), 'sha256:a');
  const calm = consistencyOf(constants, same(live));
  expect(calm.alarm_h).toBeNull();
  for (const { z } of Object.values(calm.alarms)) expect(z).toBeCloseTo(0, 9);
  expect(consistencyOf(constants, live).alarm_h).toBeLessThan(live_h + 6);
});

test("the drift limit is a repeatable function of the release, and not the release's choice", () => {
  const quantiles = ['sha256:a', 'sha256:a', 'sha256:b', 'sha256:c'].map(
    (seed) => consistencyConstants(honest, seed).drift.quantile,
  );
  expect(quantiles[0]).toBe(quantiles[1]);
  expect(quantiles[2]).not.toBe(quantiles[1]);
  // 500 paths leave a few per cent of chance in the quantile.
  for (const quantile of quantiles) expect(Math.abs(quantile / (quantiles[0] ?? 0) - 1)).toBeLessThan(0.1);
});

test('losses alone give two alarms', () => {
  const constants = consistencyConstants({ ...honest, issues: null }, 'sha256:a');
  const { alarms } = consistencyOf(constants, { ...liveOf('error + 20 %'), issues: null });
  expect(Object.keys(alarms)).toEqual(['loss-ratio', 'drift']);
  expect(limitOf(constants, 'bias-1h')).toBeNull();
  expect(consistencySentence(constants, {})).toBe('Nothing has been compared with the backtest yet.');
});
