import { expect, test } from 'vitest';
import { type DayFact, parseDayFacts } from '../core/assessment/day-fact.ts';
import { windowOf } from '../core/assessment/days.ts';
import { peopleReport } from '../core/assessment/people.ts';
import { imbalanceCost } from '../core/business/cost.ts';
import type { BusinessEvent } from '../core/business/events.ts';
import { defaultJudge } from '../core/judge/settings.ts';
import { metrics } from '../core/metrics.ts';
import { LEADS, type Purpose } from '../core/record.ts';
import { HOUR_MS, isoOfHour } from '../core/telemetry.ts';
import type { ScorerProcess } from './scorer-process.ts';
import * as world from './stand-in-world.ts';
import { withScorers, writeBacktest } from './with-scorers.ts';

const { START_H, stations } = world;

const here = withScorers();

async function observe(scorer: ScorerProcess, h: number): Promise<void> {
  expect((await scorer.post('/v1/observations', { entries: [world.entryAt(h)] })).status).toBe(200);
}

const RAMP_H = START_H + 12;
/** Stations that the candidate answers from the ramp on. */
const MOVED = [1, 4];

function answer(version: world.Version, s: number, h: number) {
  const purpose: Purpose = 'served';
  const latency_ms = version.release === world.CANDIDATE ? 7 : 4;
  return { ...world.recordOf(version, s, h), purpose, latency_ms };
}

/** Before the ramp every call is copied to the candidate; then each station has one version. Each record is told twice. */
async function serve(scorer: ScorerProcess, h: number): Promise<void> {
  const { stable, canary } = here.services;
  const records = stations.flatMap((_, s) => {
    if (h < RAMP_H) return [answer(canary, s, h), answer(stable, s, h)];
    return [answer(MOVED.includes(s) ? canary : stable, s, h)];
  });
  for (const _ of [1, 2]) expect((await scorer.post('/v1/forecasts', { records })).status).toBe(200);
}

let told = 0;
function event(s: number, h: number, more: Partial<BusinessEvent> = {}): BusinessEvent {
  told++;
  return {
    event_id: `event-${told}`,
    station_id: stations[s] ?? '',
    time: new Date(h * HOUR_MS + 61_000).toISOString(),
    release: world.STABLE,
    arm: 'control',
    kind: 'recommendation-shown',
    ...more,
  };
}

const ofCandidate = { release: world.CANDIDATE, arm: 'candidate' };
const followed = { kind: 'recommendation-followed' } as const;

/** The same events for the same hour, whoever is told. */
function eventsOf(h: number): BusinessEvent[] {
  told = 1000 * h;
  const by = (s: number) => (h >= RAMP_H && MOVED.includes(s) ? ofCandidate : {});
  return stations.flatMap((_, s) => [
    event(s, h, by(s)),
    ...(s % 2 === 0 ? [event(s, h, { ...by(s), ...followed })] : []),
  ]);
}

const HOURS = 44;
/** Ten processes start one after another, and on a busy machine each takes seconds; the bound only ends a hang. */
const RESTARTS_MS = 400_000;

test(
  'cost, groups and events are those of the definition, and a scorer killed again and again has the same',
  async () => {
    const calm = await here.started('calm');
    for (let h = START_H; h < START_H + HOURS; h++) {
      await observe(calm, h);
      await calm.settled();
      await serve(calm, h);
      await calm.post('/v1/events', { events: eventsOf(h) });
    }
    await observe(calm, START_H + HOURS);
    const expected = (await calm.settled()).current;
    const outcomes = expected?.outcomes;

    expect(expected?.state.groups.closed_h).toBe(START_H + HOURS - 6);
    expect(expected?.state.groups.assignment).toEqual({
      moved_h: RAMP_H,
      hours: HOURS - 6 - 12,
      moves: 2,
      moves_back: 0,
    });
    expect(outcomes?.sample_ratio).toMatchObject({ stations: 7, canary: 2, hours_lost_chi2: 0 });
    expect(outcomes?.events).toMatchObject({
      before: { shown: 0 },
      control: { shown: 7 * 12 + 5 * (HOURS - 12), followed: 4 * 12 + 3 * (HOURS - 12) },
      canary: { shown: 2 * (HOURS - 12), followed: HOURS - 12 },
    });
    const cost = expectedCost(START_H + HOURS - 6);
    expect(outcomes?.cost).toMatchObject({ station_hours: cost.station_hours, currency: 'EUR' });
    expect(outcomes?.cost.candidate).toBeCloseTo(cost.candidate, 9);
    expect(outcomes?.cost.stable).toBeCloseTo(cost.stable, 9);

    const killed = await here.started('killed');
    for (let h = START_H; h < START_H + HOURS; h++) {
      const blow = (h - START_H) % 22;
      await observe(killed, h);
      if (blow === 0) await blowTo(killed);
      if (h === START_H) await killed.settled();
      const served = serve(killed, h).catch(() => null);
      if (blow !== 3) await served;
      if (blow === 3 || blow === 5) await blowTo(killed);
      await served;
      await serve(killed, h);
      const events = killed.post('/v1/events', { events: eventsOf(h) }).catch(() => null);
      if (blow !== 7) await events;
      if (blow === 7 || blow === 9) await blowTo(killed);
      await events;
      expect((await killed.post('/v1/events', { events: eventsOf(h) })).status).toBe(200);
    }
    await observe(killed, START_H + HOURS);
    const found = (await killed.settled()).current;
    expect(found?.outcomes).toEqual(outcomes);
    expect(found?.state.groups).toEqual(expected?.state.groups);
    expect(found?.state.cost).toEqual(expected?.state.cost);
  },
  RESTARTS_MS,
);

/** Days whose events and drifts are compared, and hours that follow until the last one's facts are made. */
const FACT_DAYS = 5;
const WEAK_H = START_H + 84;

/** What a candidate that becomes bad in the middle, and its users, leave in the facts; `blow` strikes at hours of the log. */
async function factsOf(name: string, blow: (scorer: ScorerProcess, h: number) => Promise<void>) {
  here.services.canary = { ...here.services.canary, predict: world.seasonal(48) };
  const page_hinkley = { delta: 0.5, threshold: 8, alpha: 0.9999, min_hours: 24 };
  const scorer = await here.started(name, { drift: { page_hinkley } });
  for (let h = START_H; h <= START_H + 24 * FACT_DAYS + 72; h++) {
    if (h === WEAK_H)
      here.services.canary = { ...here.services.canary, predict: () => new Array<number>(LEADS).fill(0) };
    await observe(scorer, h);
    if ((h - START_H) % 12 === 0) await scorer.settled();
    await blow(scorer, h);
    if (h % 24 !== 12) continue;
    await serve(scorer, h);
    for (const _ of [1, 2]) {
      await scorer.post('/v1/events', { events: scored(h) });
      await blow(scorer, h);
    }
  }
  const last = new Date((START_H + 24 * (FACT_DAYS - 1)) * HOUR_MS).toISOString().slice(0, 10);
  let facts: DayFact[] = [];
  while (!facts.some(({ day }) => day === last)) {
    const text = await (await fetch(`${scorer.url}/v1/days?from=2016-08-01&to=2016-08-31`)).text();
    facts = text === '' ? [] : parseDayFacts(text, '/v1/days');
  }
  await scorer.end('SIGKILL');
  return facts;
}

function scored(h: number): BusinessEvent[] {
  const feedback = { ...ofCandidate, kind: 'feedback' } as const;
  const [good, bad] = [event(1, h, { ...feedback, score: 5, text: `at ${h}` }), event(1, h, { ...feedback, score: 2 })];
  return [...eventsOf(h), { ...good, event_id: `good-${h}` }, { ...bad, event_id: `bad-${h}` }];
}

test(
  'the facts of a day hold what users did and what drifted, killed or not, and the assessment reads them',
  async () => {
    writeBacktest(here.folder);
    const facts = await factsOf('calm', async () => {});
    const days = Array.from({ length: FACT_DAYS }, (_, i) => `2016-08-0${i + 1}`);
    const ofRelease = (release: string) => days.map((day) => facts.find((f) => f.day === day && f.release === release));
    const candidate = ofRelease(world.CANDIDATE);
    expect(candidate[1]?.engagement).toEqual({ shown: 2, followed: 1 });
    expect(ofRelease(world.STABLE)[1]?.engagement).toEqual({ shown: 5, followed: 3 });
    const texts = [`at ${START_H + 36}`];
    expect(candidate[1]?.feedback).toEqual({ scores: 2, sum: 7, sum_sq: 29, texts });
    expect(ofRelease(world.STABLE)[1]?.feedback).toBeNull();
    // Of the first day one target hour is judged, its last; the bad forecasts are due from the fourth day on.
    const drifts = candidate.map((fact) => fact?.drift_events ?? null);
    expect(drifts.slice(0, 3)).toEqual([0, 0, 0]);
    expect((drifts[3] ?? 0) + (drifts[4] ?? 0)).toBeGreaterThan(0);
    expect(ofRelease(world.STABLE).map((fact) => fact?.drift_events ?? null)).toEqual([0, 0, 0, 0, 0]);
    const after = { from: '2016-08-02', to: '2016-08-05' };
    const before = windowOf(facts, { from: '2016-07-01', to: '2016-07-02' });
    // While both releases serve, nobody can say which of them a user answered.
    expect(peopleReport(before, windowOf(facts, after))).toMatchObject({ feedback: { after: null } });
    const alone = facts.filter(({ release }) => release === world.CANDIDATE);
    const people = peopleReport(before, windowOf(alone, after));
    expect(people.feedback).toMatchObject({ before: null, after: { scores: 8, mean: 3.5, low: null } });
    expect(people.engagement).toMatchObject({ before: null, after: { shown: 8 } });

    const killed = await factsOf('killed', async (scorer, h) => {
      if ((h - START_H) % 30 === 12) await blowTo(scorer);
    });
    expect(killed).toEqual(facts);
  },
  RESTARTS_MS,
);

async function blowTo(scorer: ScorerProcess): Promise<void> {
  await scorer.end('SIGKILL');
  await scorer.start();
}

/** Energy bought a day ahead by each version's own forecast. */
function expectedCost(last_h: number) {
  const sums = { station_hours: 0, candidate: 0, stable: 0 };
  for (let t = START_H + LEADS; t <= last_h; t++)
    for (const s of stations.keys()) {
      const truth = world.knownAt(s, t, t + 6);
      const inputs = world.inputsAt(s, t - LEADS);
      const bought = (lag: number) => world.seasonal(lag)(inputs)[LEADS - 1] ?? Number.NaN;
      if (Number.isNaN(truth)) continue;
      sums.station_hours++;
      sums.candidate += imbalanceCost(bought(48), truth, defaultJudge.tariff);
      sums.stable += imbalanceCost(bought(24), truth, defaultJudge.tariff);
    }
  return sums;
}

test('events before the candidate are the past, each counts once, and old ones are ignored', async () => {
  const scorer = await here.started('data');
  await observe(scorer, START_H);
  await scorer.settled();
  const yesterday = [0, 1].flatMap((s) => [event(s, START_H - 20), event(s, START_H - 20, followed)]);
  const today = [
    event(0, START_H, { ...ofCandidate, kind: 'feedback', score: 5, text: 'much better' }),
    event(1, START_H, { kind: 'feedback', score: 2 }),
  ];
  const first = await scorer.post('/v1/events', { events: [...yesterday, ...today, today[0]] });
  expect(first.body).toEqual({ accepted: 6, repeated: 1, ignored: 0 });
  const again = await scorer.post('/v1/events', { events: [...today, event(0, START_H - 24 * 9)] });
  expect(again.body).toEqual({ accepted: 0, repeated: 2, ignored: 1 });
  const seen = async () => (await scorer.status()).current?.outcomes;
  const expected = {
    before: { shown: 2, followed: 2, scores: 0, score_sum: 0 },
    control: { shown: 0, followed: 0, scores: 1, score_sum: 2 },
    canary: { shown: 0, followed: 0, scores: 1, score_sum: 5 },
  };
  expect((await seen())?.events).toEqual(expected);
  expect((await seen())?.feedback.sentence).toBe(
    'Mean score: – before the release, 2.00 of 5 with the stable and 5.00 of 5 with the candidate since; fewer than 10 stations of a group have both a past and a present, or they changed all alike or too unlike each other, so nothing is concluded.',
  );
  const texts: unknown = await (await fetch(`${scorer.url}/v1/feedback`)).json();
  expect(texts).toMatchObject({ feedback: [{ score: 5, text: 'much better', station_id: stations[0] }] });
  await scorer.end('SIGKILL');
  await scorer.start();
  expect((await seen())?.events).toEqual(expected);
});

test('a new candidate’s past ends where it begins', async () => {
  const scorer = await here.started('data');
  for (let h = START_H; h <= START_H + 24; h++) await observe(scorer, h);
  await scorer.settled();
  await scorer.post('/v1/events', { events: [event(0, START_H + 1), event(0, START_H + 24)] });
  here.services.canary = { ...here.services.canary, pod_hash: 'newer' };
  await observe(scorer, START_H + 25);
  expect((await scorer.settled()).current).toMatchObject({
    pod_hash: 'newer',
    outcomes: { events: { before: { shown: 1 }, control: { shown: 1 } } },
  });
});

test('what is no event is refused by its number and field, and nothing of its batch is taken', async () => {
  const scorer = await here.started('data');
  const good = event(0, START_H);
  const early = await scorer.post('/v1/events', { events: [{ ...good, station_id: 'nobody' }] });
  expect(early).toMatchObject({ status: 400, body: { detail: expect.stringContaining('"nobody" has no readings') } });
  await observe(scorer, START_H);
  const refused: [object, string][] = [
    [{ kind: 'liked' }, '/events/1/kind'],
    [{ kind: 'feedback', score: 6 }, '/events/1/score'],
    [{ kind: 'feedback' }, 'event 1 (wrong): score'],
    [{ score: 3 }, 'event 1 (wrong): score'],
    [{ kind: 'feedback', score: 3, text: 'x'.repeat(1001) }, '/events/1/text'],
    [{ time: '2016-08-01T25:00:00Z' }, 'event 1 (wrong): time'],
    [{ time: '2016-07-31T24:00:00Z' }, 'event 1 (wrong): time'],
    [{ time: '2016-06-31T10:20:30.5Z' }, 'event 1 (wrong): time'],
    [{ time: 'yesterday' }, '/events/1/time'],
    [{ station_id: 'nobody' }, 'event 1 (wrong): station_id'],
    [{ more: 1 }, 'additional'],
  ];
  for (const [more, detail] of refused) {
    const answered = await scorer.post('/v1/events', { events: [good, { ...good, event_id: 'wrong', ...more }] });
    expect(answered).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
  }
  const many = Array.from({ length: 1001 }, () => good);
  expect((await scorer.post('/v1/events', { events: many })).status).toBe(400);
  expect((await scorer.post('/v1/events', { events: [good] })).body).toEqual({ accepted: 1, repeated: 0, ignored: 0 });
});

test('a candidate that is slower than nine in ten of the stable’s answers and 100 ms is proven so', async () => {
  const scorer = await here.started('data');
  // 7 stations' answers an hour: a bet takes 43 hours.
  for (let h = START_H; h < START_H + 180; h++) {
    await observe(scorer, h);
    if (h === START_H) await scorer.settled();
    const slow = stations.map((_, s) => ({ ...answer(here.services.canary, s, h), latency_ms: 180 }));
    const records = [...slow, ...stations.map((_, s) => answer(here.services.stable, s, h))];
    await scorer.post('/v1/forecasts', { records });
  }
  const { current } = await scorer.settled();
  expect(current?.outcomes.latency).toMatchObject({ bets: 4, e: expect.closeTo(0.2 * 8.2 ** 4, -3) });
  expect(current?.outcomes.latency.sentence).toContain('that it is too slow is proven');
  const text = await (await fetch(`${scorer.url}/metrics`)).text();
  expect(text).toContain(`${metrics.latency_e.name}{`);
  expect(text).toMatch(new RegExp(`${metrics.stations_answered.name}{[^}]*} 7`));
  expect(isoOfHour(current?.state.groups.closed_h ?? 0)).toBe(isoOfHour(START_H + 173));
});
