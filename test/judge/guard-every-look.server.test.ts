import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seasonalLosses } from '../../commands/judge/example-losses.ts';
import { armAlpha, GUARD, type GuardLook, guardAt, type ThetaName } from '../../core/judge/guard.ts';
import { type Look, looksOf } from '../../core/judge/guard-looks.ts';
import { guardPromql } from '../../core/judge/guard-promql.ts';
import { addDifference, hourMeans, type ThetaSums } from '../../core/judge/hour-means.ts';
import type { LossTable } from '../../core/judge/loss-table.ts';
import { zeroSums } from '../../core/judge/pairs.ts';
import { judgeTable, type TableVerdict } from '../../core/judge/table-verdict.ts';
import { thetaNames } from '../../core/judge/theta.ts';
import { metrics, thetas } from '../../core/metrics.ts';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';
import { type KnowingPrometheus, prometheusOf } from '../prometheus.ts';

/** One second an hour, from a time at which a block of Prometheus begins. */
const START_S = 7200 * 208_334;
const HISTORY_H = 28 * 24;
/** Prometheus answers at most 11,000 points of a series. */
const LEAST_LOOKS = 7000;

/** Arms in a release of so many; a release of one is what judgeTable walks. */
const ARMS = [1, 3];

const folder = mkdtempSync(join(tmpdir(), 'gridramp-prometheus-'));
let prometheus: KnowingPrometheus | undefined;
let verdict: TableVerdict;
/** The sums after each judged hour. */
const walk: ThetaSums[] = [];

beforeAll(async () => {
  const table = await recordedLosses();
  verdict = judgeTable(table, HISTORY_H, 'embedded telemetry');
  prometheus = await prometheusOf(exposition(table, verdict), folder);
});

afterAll(async () => {
  await prometheus?.end();
  rmSync(folder, { recursive: true });
});

/** The seasonal forecast of a day ago against that of a week ago, over all stations and almost the whole recorded year. */
async function recordedLosses(): Promise<LossTable> {
  const telemetry = await readTelemetry(embeddedTelemetry);
  const from_h = telemetry.start_h + HISTORY_HOURS + LEADS;
  const range = { from_h, to_h: telemetry.start_h + telemetry.hours - 1 };
  const stable = await seasonalLosses(telemetry, 24, range);
  const candidate = await seasonalLosses(telemetry, 168, range);
  const stations = telemetry.stations.map(({ station_id }) => station_id);
  return { stations, from_h, hours: stable.hours, stable_kw: stable.absolute, candidate_kw: candidate.absolute };
}

/** The scorer's sums after every judged hour, as OpenMetrics with times; each arm has the same sums, and its own alpha. */
function exposition(table: LossTable, { guard }: TableVerdict): string {
  const scales = scalesOf(table);
  const sums = zeroSums().theta;
  const lines = new Map<string, string[]>();
  for (let n = 1; n <= table.hours - HISTORY_H; n++) {
    addHour(table, HISTORY_H + n - 1, scales, sums);
    walk.push(structuredClone(sums));
    for (const theta of thetaNames)
      for (const arms of ARMS) {
        const labels = `release="sha256:c",pod_hash="abc",arm="of-${arms}",theta="${thetas[theta]}"`;
        const values: [{ name: string }, number][] = [
          [metrics.pair_hours, n],
          [metrics.pair_sum, sums[theta].sum],
          [metrics.pair_sumsq, sums[theta].sumsq],
          [metrics.sigma0_sq, guard.constants[theta].sigma0_sq],
          [metrics.kappa, guard.constants[theta].kappa],
          [metrics.guard_alpha, armAlpha(arms)],
        ];
        for (const [{ name }, value] of values) {
          const family = lines.get(name) ?? [`# TYPE ${name} gauge`];
          family.push(`${name}{${labels}} ${value} ${START_S + n}`);
          lines.set(name, family);
        }
      }
  }
  return `${[...lines.values()].flat().join('\n')}\n# EOF\n`;
}

function addHour(table: LossTable, hour: number, scales: Float64Array, sums: ThetaSums): void {
  const at = (side: Float64Array, s: number) => side[s * table.hours + hour] ?? Number.NaN;
  const errors = Float64Array.from({ length: 2 * scales.length }, (_, i) =>
    at(i % 2 === 0 ? table.candidate_kw : table.stable_kw, Math.floor(i / 2)),
  );
  const means = hourMeans(errors, 2, scales);
  if (means === null) throw new Error(`hour ${hour} of the recorded losses has too few stations`);
  addDifference(sums, means);
}

/** m_s: the stable's mean over the history. */
function scalesOf({ stations, hours, stable_kw }: LossTable): Float64Array {
  return Float64Array.from(stations, (_, s) => {
    const mean = stable_kw.subarray(s * hours, s * hours + HISTORY_H).reduce((sum, kw) => sum + kw, 0) / HISTORY_H;
    return mean > 1e-6 ? mean : Number.NaN;
  });
}

/** Judged hour → value; one series, as a gate demands. */
async function walked(query: string): Promise<Map<number, number>> {
  const hours = verdict.guard.judged_hours;
  const asked = new URLSearchParams({ query, start: String(START_S + 1), end: String(START_S + hours), step: '1' });
  const { statusCode, body } = await request(`${prometheus?.url}/api/v1/query_range?${asked}`);
  const answer = (await body.json()) as { data: { result: { values: [number, string][] }[] } };
  expect({ statusCode, series: answer.data.result.length }).toEqual({ statusCode: 200, series: 1 });
  return new Map(answer.data.result[0]?.values.map(([time_s, value]) => [time_s - START_S, Number(value)]));
}

const cases = ARMS.flatMap((arms) =>
  thetaNames.flatMap((theta) => (['lower', 'upper'] as const).map((bound) => [theta, bound, arms] as const)),
);

test.each(cases)(
  '%s, %s, one of %i: a real Prometheus and the judge agree at every look',
  async (theta, bound, arms) => {
    const values = await walked(guardPromql({ matchers: `pod_hash="abc",arm="of-${arms}"`, theta, bound }));
    expect(verdict.looks.length).toBeGreaterThan(LEAST_LOOKS);
    expect([...values.keys()]).toEqual(verdict.looks.map(({ judged_hours }) => judged_hours));
    expect(Math.min(...values.keys())).toBe(GUARD.min_hours);
    const judged = (look: Look) => (arms === 1 ? looksOf(look)[theta][bound] : armLook(look, theta, arms)[bound]);
    const differences = verdict.looks.map((look) =>
      Math.abs((values.get(look.judged_hours) ?? Number.NaN) - judged(look)),
    );
    expect(differences.filter((difference) => !(difference <= 1e-9))).toEqual([]);
  },
);

function armLook({ judged_hours }: Look, theta: ThetaName, arms: number): GuardLook {
  const sums = walk[judged_hours - 1]?.[theta];
  if (sums === undefined) throw new Error(`hour ${judged_hours} was not walked`);
  const look = guardAt({ n: judged_hours, ...sums }, verdict.guard.constants[theta], armAlpha(arms));
  if (look === null) throw new Error(`hour ${judged_hours} has no look`);
  return look;
}
