import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type DayFact, parseDayFacts } from '../core/assessment/day-fact.ts';
import type { Backtest } from '../core/judge/backtest.ts';
import { GUARD } from '../core/judge/guard.ts';
import type { PartialJudge } from '../core/judge/settings.ts';
import { metrics } from '../core/metrics.ts';
import { LEADS } from '../core/record.ts';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import { seasonalForecast } from '../core/seasonal.ts';
import { isoOfHour } from '../core/telemetry.ts';
import type { ScorerProcess } from './scorer-process.ts';
import { type Fault, Services } from './stand-in-services.ts';
import * as world from './stand-in-world.ts';
import type { ScorerStatus } from './status.ts';
import { withScorers, writeBacktest } from './with-scorers.ts';

const { START_H, stations } = world;
const HOURS = 66;

/** Bias and distance as the stand-ins have them, roughly. */
const spread = { sd: 1, largest: 3 };
const consistency: Backtest['consistency'] = {
  label_free: {
    ...{ 'bias-1h': spread, 'bias-6h': spread, 'distance-1h': spread, 'distance-6h': spread },
    level: { bias: new Array(24).fill(0), log_distance: new Array(24).fill(0) },
    size: 80,
  },
  loss_ratio: { mean: 0, sd: 0.2, largest: 3 },
  drift: { median: 0, scale: 0.2, mean: 0, variance: 1, days: 120, quantile: 2 },
};

const here = withScorers();
beforeEach(() => giveBacktest());

function giveBacktest(candidate_release = world.CANDIDATE, arm?: string): void {
  writeBacktest(here.folder, { ...world.backtest(), candidate_release, consistency }, arm);
}

async function observe(scorer: ScorerProcess, h: number): Promise<void> {
  const { status, body } = await scorer.post('/v1/observations', { entries: [world.entryAt(h)] });
  expect({ status, watermark: body.watermark }).toEqual({ status: 200, watermark: isoOfHour(h) });
}

/** Served records of hour `h`: three stations', each told twice, as after a lost answer. */
async function serve(scorer: ScorerProcess, h: number): Promise<void> {
  const records = [0, 2, 4].map((s) => ({ ...world.recordOf(here.services.canary, s, h), purpose: 'served' }));
  for (const _ of [1, 2]) expect((await scorer.post('/v1/forecasts', { records })).status).toBe(200);
}

async function run(scorer: ScorerProcess, hours: number): Promise<void> {
  for (let h = START_H; h < START_H + hours; h++) {
    await observe(scorer, h);
    // The first pair makes the candidate known; what was served before is nobody's.
    await scorer.settled();
    await serve(scorer, h);
  }
}

/** The whole chain again in a few lines: truth as known six hours on, all leads, all stations that both sides forecast. */
function expectedSums(last_h: number, oneSided_h: number) {
  let [n, sum, sumsq, matured] = [0, 0, 0, 0];
  for (let t = START_H + LEADS; t <= last_h - 6; t++) {
    const issues = Array.from({ length: LEADS }, (_, k) => t - 1 - k);
    const truths = stations.map((_, s) => world.knownAt(s, t, t + 6));
    matured += truths.filter((y) => !Number.isNaN(y)).length;
    if (issues.includes(oneSided_h)) continue;
    const loss = (lag: number, s: number, y: number) =>
      issues.reduce(
        (e, i) => e + Math.abs((world.seasonal(lag)(world.inputsAt(s, i))[t - i - 1] ?? Number.NaN) - y),
        0,
      ) / LEADS;
    const d = truths.flatMap((y, s) => (Number.isNaN(y) ? [] : [(loss(48, s, y) - loss(24, s, y)) / (2 + s)]));
    const mean = d.reduce((a, b) => a + b, 0) / d.length;
    n++;
    sum += mean;
    sumsq += mean * mean;
  }
  return { n, sum, sumsq, matured };
}

test('servers that answer JSON are judged to the same bit as those that answer columns', async () => {
  here.services.fault = (record, s) => (s === 2 ? { ...record, values_kw: record.values_kw.with(5, null) } : record);
  const told = async (name: string) => {
    const scorer = await here.started(name);
    await run(scorer, LEADS + 12);
    return await scorer.settled();
  };
  const columns = await told('columns');
  here.services.only_json = true;
  expect(await told('json')).toEqual(columns);
  expect(columns.current).toMatchObject({ hours: 6, state: { invalid: LEADS + 12 } });
});

test('a loss of 3 % that is proven aborts, unless the plan accepts a small one', async () => {
  // Both are far off in every hour, so that their losses hardly vary.
  const off =
    (kw: number): world.Predict =>
    (history_kw) =>
      world
        .seasonal(24)(history_kw)
        .map((value) => (value ?? 0) + kw);
  here.services.stable = { ...here.services.stable, predict: off(1e6) };
  here.services.canary = { ...here.services.canary, predict: off(1.03e6) };
  const guard = async (name: string, judge: PartialJudge) => {
    const scorer = await here.started(name, judge);
    await run(scorer, HOURS);
    return (await scorer.settled()).current?.guard;
  };
  expect(await guard('strict', {})).toMatchObject({
    verdict: 'abort',
    sentence: expect.stringMatching(/it is proven worse\.$/),
  });
  expect(await guard('accepting', { accepted_loss: 'half the memory' })).toMatchObject({
    verdict: 'continue',
    sentence: expect.stringContaining('it is proven worse, which the plan accepts below 5 %'),
  });
});

const REFUSED_H = START_H + 3;
/** Odd to the hours between full checks, so that blows fall before, into and after them. */
const BLOW_EVERY_HOURS = 15;

test('sums are those of the definition, and a scorer killed again and again has the same to the last bit', async () => {
  here.services.fault = (record, _s, issue_h) => (issue_h === REFUSED_H ? null : record);
  const calm = await here.started('calm');
  await run(calm, HOURS);
  const expected = (await calm.settled()).current;

  const sums = expectedSums(START_H + HOURS - 1, REFUSED_H);
  expect(expected?.hours).toBe(sums.n);
  expect(sums.n).toBeGreaterThan(30);
  expect(expected?.guard.sentence).toContain(`After ${sums.n} judged hours the candidate's live error is`);
  expect(expected?.state.sums.theta.abort.sum).toBeCloseTo(sums.sum, 9);
  expect(expected?.state.sums.theta.abort.sumsq).toBeCloseTo(sums.sumsq, 9);
  expect(expected?.state).toMatchObject({
    pairs_expected: HOURS * stations.length,
    pairs_complete: (HOURS - 1) * stations.length,
    pairs_one_sided: stations.length,
    hours_incomplete: 1,
    hours_missed: 0,
    invalid: 0,
    frozen: 0,
    served: 3 * HOURS,
    parity_broken: 0,
    sums: { labels_expected: (HOURS - 30) * stations.length, labels_matured: sums.matured },
  });
  expect(expected?.state.parity_checked).toBeGreaterThan(3 * (HOURS - 2) + 10 * stations.length);

  const killed = await here.started('killed');
  for (let h = START_H; h < START_H + HOURS; h++) {
    const blow = (h - START_H) % BLOW_EVERY_HOURS;
    const entry = { entries: [world.entryAt(h)] };
    // Killed while the entry is on its way, after it was acknowledged with its pair under way, after served records, or not at all.
    const posted = killed.post('/v1/observations', entry).catch(() => null);
    if (blow !== 0) await posted;
    if (blow === 10) await serve(killed, h);
    if (blow % 5 === 0) {
      await killed.end('SIGKILL');
      await posted;
      await killed.start();
      await observe(killed, h);
    }
    if (h === START_H) await killed.settled();
    await serve(killed, h);
  }
  const found = (await killed.settled()).current;
  expect(found).toEqual((await calm.settled()).current);
  expect(found?.state.sums).toEqual(expected?.state.sums);
});

test('what was missed in an absence is asked again, up to 48 hours', async () => {
  const calm = await here.started('calm');
  const away = await here.started('away');
  for (const scorer of [calm, away]) await run(scorer, 3);
  const entries = Array.from({ length: 45 }, (_, i) => world.entryAt(START_H + 3 + i));
  for (const entry of entries) await calm.post('/v1/observations', { entries: [entry] });
  expect((await away.post('/v1/observations', { entries })).status).toBe(200);
  const [expected, found] = [await calm.settled(), await away.settled()];
  expect(found.current).toEqual(expected.current);
  const later = Array.from({ length: 60 }, (_, i) => world.entryAt(START_H + 48 + i));
  await away.post('/v1/observations', { entries: later });
  expect((await away.settled()).current?.state).toMatchObject({
    hours_missed: 12,
    pairs_expected: 108 * stations.length,
  });
});

test('a candidate that forecasts otherwise than in its backtest is seen before any truth is known', async () => {
  const scorer = await here.started();
  await run(scorer, 8);
  const calm = (await scorer.settled()).current?.consistency;
  expect(calm?.alarms.map(({ alarm }) => alarm)).toEqual(['bias-1h', 'bias-6h', 'distance-1h', 'distance-6h']);
  expect(calm?.sentence).toBe(
    'Live errors and forecasts behave as in the backtest. A bias of 10.3 % of the load would show within 6 h.',
  );
  here.services.fault = (record) => ({ ...record, values_kw: record.values_kw.map((value) => (value ?? 0) * 1.25) });
  await observe(scorer, START_H + 8);
  const found = (await scorer.settled()).current?.consistency;
  expect(found?.alarms[0]).toMatchObject({ alarm: 'bias-1h', limit: 8.25, exceeded_at: isoOfHour(START_H + 8) });
  expect(found?.sentence).toMatch(
    /^Live, the candidate forecasts 2\d\.\d % higher than in the backtest, over 1 h \(z \d+\.\d, limit 8\.3\)/,
  );
  const text = await (await fetch(`${scorer.url}/metrics`)).text();
  const labels = `release="${world.CANDIDATE}",pod_hash="new",arm="candidate",alarm="bias-1h"`;
  expect(text).toContain(`${metrics.consistency_z.name}{${labels}} ${found?.alarms[0]?.z}\n`);
  expect(text).toContain(`${metrics.consistency_limit.name}{${labels}} 8.25\n`);
});

describe('faults of a candidate', () => {
  const HOURS_SHORT = 9;
  const cases: [string, Fault, object][] = [
    ['none', (record) => record, { parity_broken: 0, frozen: 0, invalid: 0 }],
    [
      'shifted hours',
      (record, s) => (s === 6 ? record : { ...record, values_kw: [...record.values_kw.slice(1), 0] }),
      { parity_broken: 4 * 6, frozen: 0, invalid: 0 },
    ],
    [
      'inputs of an hour ago',
      (_record, s, issue_h) => ({
        ...world.recordOf(here.services.canary, s, issue_h, issue_h - 1),
        issue_time: isoOfHour(issue_h),
      }),
      { parity_broken: 4 * 7 },
    ],
    [
      'frozen forecasts with fresh digests',
      (record, s) => ({ ...record, values_kw: world.recordOf(here.services.canary, s, START_H).values_kw }),
      { frozen: (HOURS_SHORT - 1) * 6 },
    ],
    [
      'two pods in turn, each frozen at its first hour',
      (record, s, issue_h) => {
        const first_h = START_H + ((issue_h - START_H) % 2);
        return { ...record, values_kw: world.recordOf(here.services.canary, s, first_h).values_kw };
      },
      { frozen: (HOURS_SHORT - 2) * 6 },
    ],
    [
      'not a number',
      (record, s) => (s === 2 ? { ...record, values_kw: record.values_kw.with(5, null) } : record),
      { invalid: HOURS_SHORT, parity_broken: 0, pairs_one_sided: HOURS_SHORT, pairs_complete: 6 * HOURS_SHORT },
    ],
    [
      'a fallback that says so',
      (record) => ({ ...record, fallback: true, values_kw: record.values_kw.map(() => 1) }),
      { parity_checked: 0 },
    ],
  ];
  test.each(cases)('%s', async (_name, fault, expected) => {
    here.services.fault = fault;
    const scorer = await here.started();
    for (let h = START_H; h < START_H + HOURS_SHORT; h++) {
      await observe(scorer, h);
      await scorer.settled();
    }
    expect((await scorer.settled()).current?.state).toMatchObject(expected);
  });

  test('a side that is away for a moment is asked again, and no hour is missed', async () => {
    const scorer = await here.started();
    await run(scorer, 2);
    here.services.unavailable = 8;
    await observe(scorer, START_H + 2);
    const { current } = await scorer.settled();
    expect(here.services.unavailable).toBe(0);
    expect(current?.state).toMatchObject({ hours_missed: 0, hours_incomplete: 0, pairs_complete: 3 * stations.length });
  });

  test('a served forecast that differs is found at once, not when its hour is followed by another', async () => {
    const scorer = await here.started();
    await run(scorer, 1);
    const before = (await scorer.settled()).current?.state;
    const record = { ...world.recordOf(here.services.canary, 3, START_H), purpose: 'mirror' };
    const wrong = { ...record, values_kw: record.values_kw.with(4, 1) };
    expect((await scorer.post('/v1/forecasts', { records: [wrong] })).status).toBe(200);
    const { current, samples_waiting } = await scorer.settled();
    expect(samples_waiting).toBe(0);
    expect(current?.state.parity_checked).toBe((before?.parity_checked ?? 0) + 1);
    expect(current?.state.parity_broken).toBe(1);
    expect(current?.state.parity_first_break).toMatch(/^the mirror forecast of station station-3 .* lead 5/);
  });

  test('a batch of many gives a few samples, which wait for a recomputer that is away', async () => {
    const scorer = await here.started();
    await run(scorer, 1);
    const before = (await scorer.settled()).current?.state.parity_checked ?? 0;
    here.services.unavailable = 1;
    const records = stations.map((_, s) => ({
      ...world.recordOf(here.services.canary, s, START_H),
      purpose: 'mirror',
    }));
    expect((await scorer.post('/v1/forecasts', { records })).status).toBe(200);
    expect((await scorer.settled()).current?.state.parity_checked).toBe(before + 4);
    expect(here.services.unavailable).toBe(0);
  });

  test('the first difference is told', async () => {
    here.services.fault = (record) => ({ ...record, values_kw: record.values_kw.with(2, 1) });
    const scorer = await here.started();
    await run(scorer, 1);
    const { current } = await scorer.settled();
    expect(current?.state.parity_first_break).toMatch(
      /^the pair forecast of station station-0 issued .* says 1 kW at lead 3, recomputed [\d.]+ kW$/,
    );
  });
});

test('a new candidate starts at 0, one release on both sides is not judged, and an old one goes on where it was', async () => {
  here.services.canary = { ...here.services.stable, pod_hash: 'old' };
  const scorer = await here.started();
  await run(scorer, 2);
  expect((await scorer.settled()).current).toBeNull();
  here.services.canary = { release: world.CANDIDATE, pod_hash: 'new', arm: 'candidate', predict: world.seasonal(48) };
  for (let h = START_H + 2; h < START_H + 40; h++) await observe(scorer, h);
  expect((await scorer.settled()).current).toMatchObject({
    pod_hash: 'new',
    hours: 8,
    first_issue: isoOfHour(START_H + 2),
  });
  here.services.canary = { ...here.services.canary, pod_hash: 'newer' };
  await observe(scorer, START_H + 40);
  const second = await scorer.settled();
  expect(second.current).toMatchObject({ pod_hash: 'newer', hours: 0, state: { pairs_complete: 7 } });
  expect(second.earlier).toMatchObject([{ pod_hash: 'new', state: { sums: { hours: 8 } } }]);
  here.services.canary = { ...here.services.canary, pod_hash: 'new' };
  await observe(scorer, START_H + 41);
  expect((await scorer.settled()).current).toMatchObject({
    pod_hash: 'new',
    hours: 8,
    state: { pairs_complete: 7 * 39 },
  });
});

test('without a backtest there is no D, and when it comes the sums start at 0', async () => {
  rmSync(join(here.folder, registryPath.backtest(world.CANDIDATE)));
  const scorer = await here.started();
  for (let h = START_H; h < START_H + 40; h++) await observe(scorer, h);
  const before = (await scorer.settled()).current;
  expect(before).toMatchObject({ hours: 10, backtest: null, scaled: { mae: { stable: expect.closeTo(1, 9) } } });
  expect(before?.backtest_problem).toContain('is not there');
  const text = await (await fetch(`${scorer.url}/metrics`)).text();
  expect(text).not.toContain(metrics.pair_sum.name);
  expect(text).toContain(`${metrics.pair_hours.name}{`);
  giveBacktest();
  for (let h = START_H + 40; h < START_H + 45; h++) await observe(scorer, h);
  expect((await scorer.settled()).current).toMatchObject({ hours: 5, backtest: { verdict: 'safe' } });
});

test('a second look of the backtest reaches a release that runs, and its sums go on; a third does not', async () => {
  const look = { from: '2016-03-01T01:00:00Z', to: '2016-06-29T00:00:00Z', days: 120, seed: 1 };
  const open = { ...world.backtest(), consistency, verdict: 'continue' as const, looks: [look] };
  const scale_kw = Object.fromEntries(stations.map((id) => [id, 50]));
  writeBacktest(here.folder, open);
  const [calm, scorer] = [await here.started('calm'), await here.started('looked')];
  const hours = async (from_h: number, to_h: number) => {
    for (let h = from_h; h < to_h; h++) for (const one of [calm, scorer]) await observe(one, h);
    return Promise.all([calm, scorer].map(async (one) => (await one.settled()).current));
  };
  expect((await hours(START_H, START_H + 36))[1]).toMatchObject({ hours: 6, backtest: { verdict: 'continue' } });
  await calm.end('SIGKILL');
  writeBacktest(here.folder, { ...open, verdict: 'safe', looks: [look, { ...look, days: 134 }], scale_kw });
  await observe(scorer, START_H + 36);
  expect((await scorer.settled()).current).toMatchObject({ hours: 7, backtest: { verdict: 'safe' } });
  await scorer.end('SIGKILL');
  writeBacktest(here.folder, { ...open, verdict: 'abort', looks: [look, look, look] });
  for (const one of [calm, scorer]) await one.start();
  await observe(calm, START_H + 36);
  const [other, looked] = await hours(START_H + 37, START_H + 42);
  expect(looked).toMatchObject({ hours: 12, backtest: { verdict: 'safe' } });
  expect(looked?.state.sums).toEqual(other?.state.sums);
});

test('the arms of a release are paired and judged each by itself, and share the guard', async () => {
  const manifest = canonicalJson({ model: 'sha256:a', arms: { candidate: 'sha256:a', weekly: 'sha256:b' } });
  const release = sha256(manifest);
  const file = join(here.folder, registryPath.release(release));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, manifest);
  for (const arm of ['candidate', 'weekly']) giveBacktest(release, arm);
  here.services.canary = { ...here.services.canary, release };
  here.services.others = [{ ...here.services.canary, arm: 'weekly', predict: world.seasonal(168) }];
  const scorer = await here.started();
  for (let h = START_H; h < START_H + 40; h++) await observe(scorer, h);
  const arms = armsOf(await scorer.settled());
  expect(arms).toMatchObject([
    { arm: 'candidate', hours: 10, backtest: { verdict: 'safe' }, state: { parity_broken: 0, pairs_complete: 280 } },
    { arm: 'weekly', hours: 10, backtest: { verdict: 'safe' }, state: { parity_broken: 0, pairs_complete: 280 } },
  ]);
  expect(arms[0]?.state.sums.theta.abort.sum).not.toBe(arms[1]?.state.sums.theta.abort.sum);
  const text = await (await fetch(`${scorer.url}/metrics`)).text();
  const name = metrics.guard_alpha.name;
  expect(text).toContain(`${name}{release="${release}",pod_hash="new",arm="weekly",theta="0"} ${GUARD.alpha / 2}\n`);
  expect(text.match(new RegExp(`# TYPE ${name} `, 'g'))).toHaveLength(1);
  await scorer.end('SIGKILL');
  await scorer.start();
  expect(armsOf(await scorer.settled()).map((arm) => arm?.hours)).toEqual([10, 10]);
});

test('arms that the registry names late are judged from then on, and the first goes on as it was', async () => {
  const manifest = canonicalJson({ model: 'sha256:a', arms: { candidate: 'sha256:a', weekly: 'sha256:b' } });
  const release = sha256(manifest);
  const file = join(here.folder, registryPath.release(release));
  for (const arm of ['candidate', 'weekly']) giveBacktest(release, arm);
  here.services.canary = { ...here.services.canary, release };
  here.services.others = [{ ...here.services.canary, arm: 'weekly', predict: world.seasonal(168) }];
  const scorer = await here.started();
  for (let h = START_H; h < START_H + 6; h++) await observe(scorer, h);
  expect(armsOf(await scorer.settled())).toMatchObject([{ arm: 'candidate', backtest: null }]);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, manifest);
  for (let h = START_H + 6; h < START_H + 20; h++) await observe(scorer, h);
  await scorer.settled();
  rmSync(file);
  await scorer.end('SIGKILL');
  await scorer.start();
  for (let h = START_H + 20; h < START_H + 40; h++) await observe(scorer, h);
  const arms = armsOf(await scorer.settled());
  expect(arms).toMatchObject([
    { arm: 'candidate', hours: 10, backtest: { verdict: 'safe' } },
    { arm: 'weekly', backtest: { verdict: 'safe' } },
  ]);
  expect(await (await fetch(`${scorer.url}/metrics`)).text()).toContain(`theta="0"} ${GUARD.alpha / 2}\n`);
});

function armsOf({ current, others }: ScorerStatus) {
  return [current, ...others];
}

test('every metric of the scorer is exported with exactly its labels', async () => {
  const scorer = await here.started();
  for (let h = START_H; h < START_H + 60; h++) {
    await observe(scorer, h);
    if (h === START_H) await scorer.settled();
    // In ramp, so that there are two groups; enough of the candidate's answers for a bet on its latency.
    const of = (version: world.Version) => (_: string, s: number) => ({
      ...world.recordOf(version, s, h),
      purpose: 'served',
    });
    const moved = stations.slice(0, 6).map(of(here.services.canary));
    await scorer.post('/v1/forecasts', { records: [...moved, ...stations.slice(4).map(of(here.services.stable))] });
  }
  await scorer.settled();
  const answer = await fetch(`${scorer.url}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const exported = new Map<string, string>();
  for (const line of (await answer.text()).split('\n')) {
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name !== undefined) exported.set(name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).join());
  }
  const wanted = Object.values(metrics).filter(({ exporter }) => exporter === 'scorer');
  expect(Object.fromEntries(exported)).toEqual(
    Object.fromEntries(wanted.map(({ name, labels }) => [name, labels.join()])),
  );
});

describe('the log', () => {
  test('is followed from any point, waits for the next entry and survives a kill', async () => {
    const scorer = await here.started();
    await observe(scorer, START_H);
    const waiting = fetch(`${scorer.url}/v1/observations?after=1&wait_ms=30000`);
    await observe(scorer, START_H + 1);
    expect(await (await waiting).json()).toEqual({
      entries: [{ seq: 2, ...world.entryAt(START_H + 1) }],
      caught_up: true,
    });
    await scorer.end('SIGKILL');
    await scorer.start();
    const all = await (await fetch(`${scorer.url}/v1/observations?after=0&limit=5`)).json();
    expect(all).toEqual({
      entries: [
        { seq: 1, ...world.entryAt(START_H) },
        { seq: 2, ...world.entryAt(START_H + 1) },
      ],
      caught_up: true,
    });
    expect(await scorer.end('SIGTERM')).toBe(0);
  });

  test('is sent in answers of a bounded size, which say whether there is more; who is ahead of it is told', async () => {
    const scorer = await here.started();
    const name = 's'.repeat(200);
    const observations = Array.from({ length: 40_000 }, (_, s) => ({
      ...{ station_id: `${name}${s}`, target_time: isoOfHour(START_H), value_kw: 1 },
    }));
    const follow = async (after: number) =>
      Object(await (await fetch(`${scorer.url}/v1/observations?after=${after}&limit=5`)).json());
    for (let h = START_H; h < START_H + 3; h++)
      await scorer.post('/v1/observations', { entries: [{ available_at: isoOfHour(h), observations }] });
    for (const kill of [true, false]) {
      const [first, second] = [await follow(0), await follow(1)];
      expect([first.entries.length, first.caught_up, second.entries.length, second.caught_up]).toEqual([
        1,
        false,
        1,
        false,
      ]);
      expect(await follow(2)).toMatchObject({ entries: [{ seq: 3 }], caught_up: true });
      expect(await follow(3)).toEqual({ entries: [], caught_up: true });
      expect(await follow(4)).toMatchObject({ status: 410, title: 'ahead', seq: 3 });
      if (!kill) continue;
      await scorer.end('SIGKILL');
      await scorer.start();
    }
  });

  test('drops what nobody needs, says so, and still knows stations that fell silent', async () => {
    const scorer = await here.started();
    const entry = (h: number) => ({
      available_at: isoOfHour(h),
      observations: [{ station_id: h === START_H ? 'silent' : 'a', target_time: isoOfHour(h), value_kw: 1 }],
    });
    const hours = 800;
    const entries = Array.from({ length: hours }, (_, i) => entry(START_H + i));
    expect((await scorer.post('/v1/observations', { entries })).status).toBe(200);
    const follow = async (query: string) =>
      Object(await (await fetch(`${scorer.url}/v1/observations?${query}`)).json());
    for (const kill of [true, false]) {
      expect(await follow('after=1')).toMatchObject({ status: 410, title: 'trimmed' });
      const { first_seq } = await follow('after=1');
      expect(first_seq).toBeGreaterThan(1);
      expect((await follow(`after=${first_seq - 1}&limit=1`)).entries).toMatchObject([{ seq: first_seq }]);
      expect((await follow('limit=1')).entries).toMatchObject([{ seq: first_seq }]);
      const last = await follow('last_hours=432&limit=1000');
      expect(last.stations).toEqual(['silent', 'a']);
      expect(last.entries).toHaveLength(432);
      expect(last.entries.at(-1)).toMatchObject({ seq: hours });
      if (!kill) continue;
      await scorer.end('SIGKILL');
      await scorer.start();
    }
  });

  test('takes a repeated entry again and refuses one out of order', async () => {
    const scorer = await here.started();
    await observe(scorer, START_H);
    await observe(scorer, START_H + 2);
    const again = await scorer.post('/v1/observations', { entries: [world.entryAt(START_H)] });
    expect(again).toMatchObject({ status: 200, body: { seq: 1, watermark: isoOfHour(START_H + 2) } });
    for (const entry of [world.entryAt(START_H + 1), { ...world.entryAt(START_H + 2), observations: [] }]) {
      const refused = await scorer.post('/v1/observations', { entries: [entry] });
      expect(refused).toMatchObject({ status: 409, body: { title: 'out-of-order', seq: 2 } });
    }
  });

  const observation = { station_id: 'a', target_time: isoOfHour(START_H), value_kw: 1 };
  const entry = { available_at: isoOfHour(START_H), observations: [observation] };
  const served = { ...world.recordOf(new Services().canary, 0, START_H), purpose: 'served' };
  const refused: [string, unknown, number, string][] = [
    ['/v1/observations', '{', 400, 'JSON'],
    ['/v1/observations', { entries: [{ ...entry, available_at: '2016-08-01' }] }, 400, 'available_at'],
    [
      '/v1/observations',
      { entries: [{ ...entry, available_at: '2016-13-01T00:00:00Z' }] },
      400,
      '2016-13-01T00:00:00Z',
    ],
    [
      '/v1/observations',
      { entries: [{ ...entry, observations: [{ ...observation, value_kw: '1' }] }] },
      400,
      'value_kw',
    ],
    [
      '/v1/observations',
      { entries: [{ ...entry, observations: [{ ...observation, target_time: isoOfHour(START_H + 1) }] }] },
      400,
      'cannot be known',
    ],
    ...['2016-02-30T00:00:00Z', '2016-07-31T24:00:00Z'].map((target_time): [string, unknown, number, string] => [
      '/v1/observations',
      { entries: [{ ...entry, observations: [{ ...observation, target_time }] }] },
      400,
      `target_time: "${target_time}" is not`,
    ]),
    [
      '/v1/observations',
      { entries: [{ ...entry, observations: [{ ...observation, value_kw: -1.1e12 }] }] },
      400,
      'station a: a reading of -1100000000000 kW at 2016-08-01T00:00:00Z is beyond',
    ],
    [
      '/v1/observations',
      { entries: [entry, { ...entry, available_at: '2099-08-01T00:00:00Z' }] },
      400,
      "2099-08-01T00:00:00Z is more than 180 days after the log's last entry, 2016-08-01T00:00:00Z",
    ],
    ['/v1/forecasts', { records: [{ ...served, issue_time: '2016-04-31T00:00:00Z' }] }, 400, '2016-04-31T00:00:00Z'],
    ['/v1/forecasts', { records: [{}] }, 400, 'release'],
    ['/v1/forecasts', { records: [{ ...served, latency_ms: -1 }] }, 400, 'latency_ms'],
    ['/v1/forecasts', { records: [], more: 1 }, 400, 'additional'],
    ['/v1/forecasts', JSON.stringify({ records: 'x'.repeat(3e6) }), 413, 'large'],
    ['/v1/nothing', {}, 404, 'not served'],
  ];
  test('refuses what is not valid, and says where', async () => {
    const scorer = await here.started();
    for (const [path, body, status, detail] of refused) {
      const answer = await scorer.post(path, body);
      expect(answer).toMatchObject({ status, body: { status, detail: expect.stringContaining(detail) } });
    }
    expect((await scorer.status()).seq).toBe(0);
  });
});

test('a second scorer on the same data ends with a clear error', async () => {
  await here.started();
  await expect(here.started()).rejects.toThrow('another scorer may be using it');
});

test("a day's facts: what was served, and what its forecasts and the control's were worth on final readings", async () => {
  const scorer = await here.started();
  const [asked_h, last_h] = [START_H + 26, START_H + 48 + 72];
  const entries = (from_h: number, to_h: number) =>
    Array.from({ length: to_h - from_h + 1 }, (_, i) => world.entryAt(from_h + i));
  await scorer.post('/v1/observations', { entries: entries(START_H, asked_h) });
  await scorer.settled();
  const record = (s: number, purpose: string, latency_ms: number) => ({
    ...world.recordOf(here.services.canary, s, asked_h),
    ...{ purpose, latency_ms },
  });
  const records = [record(0, 'served', 3), record(1, 'served', 7000), record(2, 'mirror', 3)];
  for (const _ of [1, 2]) expect((await scorer.post('/v1/forecasts', { records })).status).toBe(200);
  await scorer.end('SIGKILL');
  await scorer.start();
  await scorer.post('/v1/observations', { entries: entries(asked_h + 1, last_h - 1) });
  expect(await daysOf(scorer)).toEqual([]);
  await scorer.post('/v1/observations', { entries: entries(last_h, last_h) });
  let facts = await daysOf(scorer);
  while (facts.length === 0) facts = await daysOf(scorer);
  const [control, candidate] = facts;
  expect(facts).toMatchObject([
    { day: '2016-08-02', role: 'control', release: 'seasonal-24h', expected_station_hours: 24 * stations.length },
    {
      day: '2016-08-02',
      role: 'serving',
      release: world.CANDIDATE,
      forecasts: { answered: 2, failed: null, fallback: 0 },
      // No user did anything, and none of its target hours was judged.
      ...{ engagement: null, feedback: null, drift_events: null },
    },
  ]);
  expect(candidate?.latency_counts?.map((n, i) => (n > 0 ? i : -1)).filter((i) => i >= 0)).toEqual([2, 19]);
  for (const [fact, predict] of [
    [control, controlForecast],
    [candidate, here.services.recompute],
  ] as const)
    for (const [s, station] of stations.entries()) {
      const [hours, abs_kw] = fact?.accuracy?.stations[station] ?? [];
      // Readings that came after their hour had closed are in it.
      expect(hours).toBe(24);
      expect(abs_kw).toBeCloseTo(dayError(s, predict), 4);
    }
});

test("a day's facts wait for the hours that the plan's truth delay keeps open, with the readings that come until then", async () => {
  const scorer = await here.started('patient', { truth_delay_hours: 168 });
  const [asked_h, corrected_h, last_h] = [START_H + 26, START_H + 48 + 100, START_H + 48 + 168];
  const correction = { station_id: 'station-0', target_time: isoOfHour(START_H + 30), value_kw: 111 };
  const entry = (h: number) => {
    const { available_at, observations } = world.entryAt(h);
    return { available_at, observations: h === corrected_h ? [...observations, correction] : observations };
  };
  const entries = (from_h: number, to_h: number) =>
    Array.from({ length: to_h - from_h + 1 }, (_, i) => entry(from_h + i));
  await scorer.post('/v1/observations', { entries: entries(START_H, asked_h) });
  await scorer.settled();
  const records = [{ ...world.recordOf(here.services.canary, 0, asked_h), purpose: 'served' }];
  await scorer.post('/v1/forecasts', { records });
  await scorer.post('/v1/observations', { entries: entries(asked_h + 1, last_h) });
  let facts = await daysOf(scorer);
  while (facts.length === 0) facts = await daysOf(scorer);
  const [, sum_kw = Number.NaN] = facts[0]?.accuracy?.stations['station-0'] ?? [];
  expect(facts[0]).toMatchObject({ day: '2016-08-02', role: 'control' });
  const finalAt = (s: number, t: number) => (t === START_H + 30 ? 111 : world.knownAt(s, t, t + 72));
  expect(sum_kw).toBeCloseTo(dayError(0, controlForecast, finalAt), 4);
  expect(Math.abs(sum_kw - dayError(0, controlForecast))).toBeGreaterThan(1);
});

test('a release that nobody can recompute has no errors, and keeps nobody else waiting for ever', async () => {
  const scorer = await here.started();
  const gone = { ...here.services.canary, release: `sha256:${'0'.repeat(64)}` };
  here.services.gone.add(gone.release);
  const [asked_h, final_h] = [START_H + 26, START_H + 48 + 72];
  const entries = (from_h: number, to_h: number) =>
    Array.from({ length: to_h - from_h + 1 }, (_, i) => world.entryAt(from_h + i));
  await scorer.post('/v1/observations', { entries: entries(START_H, asked_h) });
  await scorer.settled();
  const records = [here.services.canary, gone].map((version) => ({
    ...world.recordOf(version, 0, asked_h),
    purpose: 'served',
  }));
  expect((await scorer.post('/v1/forecasts', { records })).body).toMatchObject({ accepted: 2 });
  await scorer.post('/v1/observations', { entries: entries(asked_h + 1, final_h + 48) });
  let facts = await daysOf(scorer);
  while (facts.length === 0) facts = await daysOf(scorer);
  const of = (version: world.Version) => facts.find(({ release }) => release === version.release);
  expect(of(gone)).toMatchObject({ forecasts: { answered: 1 }, accuracy: null, energy: null });
  expect(of(gone)?.pod_hashes).toEqual([here.services.canary.pod_hash]);
  expect(of(here.services.canary)?.accuracy).not.toBeNull();
});

async function daysOf(scorer: ScorerProcess): Promise<DayFact[]> {
  const answer = await fetch(`${scorer.url}/v1/days?from=2016-08-01&to=2016-08-31`);
  const text = await answer.text();
  return text === '' ? [] : parseDayFacts(text, '/v1/days');
}

/** Sum over the hours of 2016-08-02 of the mean absolute error of their 24 leads. */
function dayError(
  s: number,
  predict: (history_kw: Float64Array) => ArrayLike<number | null>,
  finalAt = (s: number, t: number) => world.knownAt(s, t, t + 72),
): number {
  let sum = 0;
  for (let t = START_H + 25; t <= START_H + 48; t++)
    for (let lead = 1; lead <= LEADS; lead++) {
      const forecast = predict(world.inputsAt(s, t - lead))[lead - 1] ?? Number.NaN;
      sum += Math.abs(forecast - finalAt(s, t)) / LEADS;
    }
  return sum;
}

function controlForecast(history_kw: Float64Array): Float64Array {
  const values_kw = new Float64Array(LEADS);
  seasonalForecast(history_kw, 24, values_kw);
  return values_kw;
}
