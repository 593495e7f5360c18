import { expect, test } from 'vitest';
import { randomOf } from '../random.ts';
import { type GuardSums, guardAt } from './guard.ts';
import { decide, guardDecision, looksOf } from './guard-looks.ts';
import type { LossTable } from './loss-table.ts';
import { judgeTable } from './table-verdict.ts';
import { thetaNames, thetaValue } from './theta.ts';

const HISTORY_H = 28 * 24;
const STATIONS = 3;

/** Stations of 1, 2 and 3 kW; the stable errs by a noisy share, the candidate by `ratio` times that of its own. */
function table(days: number, ratio: (hour: number) => number, from_h = 1): LossTable {
  const random = randomOf(7);
  const hours = 24 * days;
  const stable_kw = Float64Array.from(
    { length: STATIONS * hours },
    (_, i) => (Math.floor(i / hours) + 1) * (0.8 + 0.4 * random()),
  );
  const candidate_kw = stable_kw.map((kw, i) => kw * ratio(i % hours) * (0.95 + 0.1 * random()));
  return { stations: ['a', 'b', 'c'], from_h, hours, candidate_kw, stable_kw };
}

const judged = (ratio: number, days = 50) =>
  judgeTable(
    table(days, () => ratio),
    HISTORY_H,
    'file',
  );

test.each([
  ['abort', 1.4, 50],
  ['win', 0.5, 50],
  ['safe', 0.85, 50],
  ['continue', 1.01, 30],
] as const)('%s with %f times the error', (verdict, ratio, days) => {
  const outcome = judged(ratio, days);
  expect(outcome.verdict).toBe(verdict);
  expect(outcome.decided_by).toBe(verdict === 'continue' ? null : 'guard');
  const look = outcome.looks.find(({ hour }) => hour === outcome.decided_at_hour);
  expect(look?.says ?? 'continue').toBe(verdict);
  expect(look?.target_time ?? null).toBe(outcome.decided_at);
  expect(outcome.looks.filter(({ hour }) => hour < (look?.hour ?? 0)).some(({ says }) => says === verdict)).toBe(false);
});

test('every look is guardAt of the sums so far, with scales and constants of the history alone', () => {
  const record = table(40, () => 1.1);
  const { looks, guard } = judgeTable(record, HISTORY_H, 'file');
  const at = (side: Float64Array, s: number, i: number) => side[s * record.hours + i] ?? Number.NaN;
  const scale = [0, 1, 2].map((s) => {
    let sum = 0;
    for (let i = 0; i < HISTORY_H; i++) sum += at(record.stable_kw, s, i);
    return sum / HISTORY_H;
  });
  const d = (theta: number, i: number) =>
    scale.reduce(
      (sum, m, s) => sum + (at(record.candidate_kw, s, i) - (1 + theta) * at(record.stable_kw, s, i)) / m,
      0,
    ) / STATIONS;
  expect(looks.map(({ hour }) => hour)).toEqual(Array.from({ length: 12 * 24 - 23 }, (_, i) => 24 + i));
  for (const name of thetaNames) {
    const sums: GuardSums = { n: 0, sum: 0, sumsq: 0 };
    for (let i = HISTORY_H; i < record.hours; i++) {
      const x = d(thetaValue(name), i);
      Object.assign(sums, { n: sums.n + 1, sum: sums.sum + x, sumsq: sums.sumsq + x * x });
      const look = looks.find(({ hour }) => hour === sums.n);
      const expected = guardAt(sums, guard.constants[name]);
      if (expected === null) expect(look).toBeUndefined();
      else {
        expect(look?.mean[name]).toBeCloseTo(expected.mean, 12);
        expect(look?.margin[name]).toBeCloseTo(expected.margin, 12);
      }
    }
  }
});

test('sigma0^2 is the variance of D in the history, whatever hour it begins with', () => {
  const shifted = judgeTable(
    table(40, () => 1.1, 14),
    HISTORY_H,
    'file',
  );
  expect(shifted.history.days).toBe(28);
  expect(shifted.guard.constants).toEqual(judged(1.1, 40).guard.constants);
  expect(shifted.coverage).toEqual(judged(1.1, 40).coverage);
});

test('ninety days of history are the backtest too, and its abort comes before any live hour', () => {
  const worse = judgeTable(
    table(100, () => 1.2),
    90 * 24,
    'file',
  );
  expect(worse).toMatchObject({ verdict: 'abort', decided_by: 'backtest', decided_at_hour: 0 });
  expect(worse.backtest).toMatchObject({ verdict: 'abort', days: 90 });
  expect(worse.sentence).toContain('Over 90 days');
  expect(judged(1.2).backtest).toBeNull();
});

test('a release that was fine in the backtest and turns bad live is aborted by the guard', () => {
  const turned = judgeTable(
    table(120, (hour) => (hour < 90 * 24 ? 0.8 : 1.6)),
    90 * 24,
    'file',
  );
  expect(turned).toMatchObject({ verdict: 'abort', decided_by: 'guard', backtest: { verdict: 'win' } });
});

test('with a backtest it alone can say safe, and a proven loss outweighs an earlier safe', () => {
  const first = (abort: number | null, safe: number | null, win: number | null) => {
    const verdict = abort !== null ? 'abort' : win !== null ? 'win' : safe !== null ? 'safe' : 'continue';
    const decided_at_hour = abort ?? win ?? safe;
    return { verdict, decided_at_hour, first_hour: { abort, safe, win } } as const;
  };
  expect(decide({ verdict: 'continue' }, first(null, 50, null)).verdict).toBe('continue');
  expect(decide({ verdict: 'safe' }, first(null, null, null))).toMatchObject({
    verdict: 'safe',
    decided_by: 'backtest',
  });
  expect(decide(null, first(null, 50, null))).toMatchObject({ verdict: 'safe', decided_at_hour: 50 });
  const { looks } = judgeTable(
    table(60, (hour) => (hour < HISTORY_H + 300 ? 0.6 : 3)),
    HISTORY_H,
    'file',
  );
  const decision = guardDecision(looks);
  expect(decision.verdict).toBe('abort');
  expect(decision.first_hour.safe).toBeLessThan(decision.first_hour.abort ?? 0);
  expect(looks.find(({ hour }) => hour === decision.decided_at_hour)?.says).toBe('abort');
});

test('coverage accounts for every station-hour', () => {
  const record = table(40, () => 1);
  const cell = (s: number, i: number) => s * record.hours + i;
  record.candidate_kw[cell(2, HISTORY_H + 40)] = Number.NaN;
  for (const s of [0, 1])
    for (const side of [record.candidate_kw, record.stable_kw]) side[cell(s, HISTORY_H + 30)] = Number.NaN;
  for (const side of [record.candidate_kw, record.stable_kw]) side.fill(Number.NaN, cell(2, 0), cell(2, HISTORY_H));
  const { coverage, looks } = judgeTable(record, HISTORY_H, 'file');
  expect(coverage).toMatchObject({ stations: 3, stations_left_out: ['c'], hours: { live: 288, live_left_out: 1 } });
  const { expected, used, missing, one_sided, left_out } = coverage.station_hours;
  expect(one_sided).toBe(1);
  expect(missing).toBe(2 + HISTORY_H);
  expect(left_out).toEqual({ no_scale: 287, history_day_incomplete: 0, hour_incomplete: 0 });
  expect(used.history + used.live + missing + one_sided + left_out.no_scale).toBe(expected);
  expect(looks.at(-1)).toMatchObject({ hour: 288, judged_hours: 287 });
  expect(coverage.gaps).toEqual([]);
});

/** Empties a share of the cells, spread evenly: of the candidate alone, or of both sides as where there is no truth. */
function thinned(record: LossTable, { from, to, share, side }: Thinning): LossTable {
  const sides = side === 'both' ? [record.candidate_kw, record.stable_kw] : [record.candidate_kw];
  for (let i = from; i < to; i++)
    for (let s = 0; s < STATIONS; s++)
      if ((37 * (i * STATIONS + s)) % 100 < 100 * share)
        for (const losses of sides) losses[s * record.hours + i] = Number.NaN;
  return record;
}
type Thinning = { from: number; to: number; share: number; side: 'candidate' | 'both' };

test.each([
  ['candidate', 0.04, 'win', { labels: 1, pairs: 0.96 }, /15 % better\.$/],
  [
    'candidate',
    0.06,
    'continue',
    { labels: 1, pairs: 0.94 },
    /94\.0 % of the live .* losses of both .*\(95 % are needed\)\.$/,
  ],
  ['both', 0.09, 'win', { labels: 0.91, pairs: 1 }, /15 % better\.$/],
  [
    'both',
    0.4,
    'continue',
    { labels: 0.6, pairs: 1 },
    /only 60\.0 % of the live station-hours have truth \(90 % are needed\)\.$/,
  ],
] as const)('live losses of which %s lacks %f: %s', (side, share, verdict, live, sentence) => {
  const record = table(28 + 50, () => 0.5);
  const outcome = judgeTable(thinned(record, { from: HISTORY_H, to: record.hours, share, side }), HISTORY_H, 'f');
  expect(outcome).toMatchObject({ verdict, coverage: { share: { history: { labels: 1, pairs: 1 } } } });
  expect(outcome.sentence).toMatch(sentence);
  expect(outcome.coverage.share.live.labels).toBeCloseTo(live.labels, 2);
  expect(outcome.coverage.share.live.pairs).toBeCloseTo(live.pairs, 2);
  expect(outcome.looks.some(({ says }) => says === 'win' || says === 'safe')).toBe(verdict === 'win');
  expect(outcome.guard.first_hour.safe === null).toBe(verdict === 'continue');
});

test('an abort is said however many live losses are missing', () => {
  const record = table(28 + 50, () => 1.6);
  const thin = thinned(record, { from: HISTORY_H, to: record.hours, share: 0.3, side: 'candidate' });
  expect(judgeTable(thin, HISTORY_H, 'f')).toMatchObject({ verdict: 'abort', decided_by: 'guard' });
});

test('a backtest with too many gaps says neither safe nor win, and one without them is held by the live part', () => {
  const history_h = 90 * 24;
  const of = (ratio: number, from: number, to: number) => {
    const record = table(90 + 30, () => ratio);
    return judgeTable(thinned(record, { from, to, share: 0.06, side: 'candidate' }), history_h, 'f');
  };
  const before = of(0.5, 0, history_h);
  expect(before).toMatchObject({ verdict: 'continue', decided_by: null, backtest: { verdict: 'continue' } });
  expect(before.backtest?.sentence).toMatch(/because only 9\d\.\d % of the backtested station-hours with truth/);
  expect(of(1.5, 0, history_h)).toMatchObject({ verdict: 'abort', decided_by: 'backtest' });
  const after = of(0.5, history_h, history_h + 30 * 24);
  expect(after).toMatchObject({ verdict: 'continue', decided_by: null, backtest: { verdict: 'win' } });
  expect(after.sentence).toMatch(/because only 9\d\.\d % of the live station-hours with truth/);
});

test('an hour that nobody has is a gap, and its day of the history does not count', () => {
  const record = table(40, () => 1);
  const miss = (hour: number) => {
    for (let s = 0; s < STATIONS; s++) record.stable_kw[s * record.hours + hour] = Number.NaN;
  };
  miss(30);
  const { coverage, history } = judgeTable(record, HISTORY_H, 'f.csv');
  expect(history).toMatchObject({ days: 27, days_left_out: 1 });
  expect(coverage.gaps).toEqual([{ from: '1970-01-02T07:00:00Z', to: '1970-01-02T07:00:00Z', hours: 1 }]);
  expect(coverage.station_hours.left_out.history_day_incomplete).toBe(3 * 23);
  for (let day = 2; day < 9; day++) miss(24 * day);
  expect(() => judgeTable(record, HISTORY_H, 'f.csv')).toThrow(
    /^f\.csv: its history has 20 whole days \(8 left out.*of the 21 .*give a longer --history/,
  );
});

test('a history meant as a backtest that a gap makes too short is told', () => {
  const record = table(100, () => 1);
  for (let s = 0; s < STATIONS; s++) record.stable_kw[s * record.hours + 30] = Number.NaN;
  const { backtest, sentence } = judgeTable(record, 90 * 24, 'f.csv');
  expect(backtest).toBeNull();
  expect(sentence).toMatch(
    /There is no backtest: the history has 89 of the 90 whole days that it needs \(1 left out\)\.$/,
  );
  expect(judgeTable(record, 91 * 24, 'f.csv').sentence).not.toContain('no backtest');
});

test('too short a file, and a stable that never errs, are told', () => {
  expect(() =>
    judgeTable(
      table(28, () => 1),
      HISTORY_H,
      'f',
    ),
  ).toThrow(
    /^f: is too short to judge: it covers 672 hours, of which the history takes 672, and at least 24 must follow; give a longer file$/,
  );
  const exact = table(40, () => 1);
  exact.stable_kw.fill(0);
  expect(() => judgeTable(exact, HISTORY_H, 'f')).toThrow(/nothing to scale by/);
});

test('a file with too few hours to judge after its history says so in one sentence', () => {
  const record = table(30, () => 1);
  record.candidate_kw.fill(Number.NaN, HISTORY_H + 10, record.hours);
  record.candidate_kw.fill(Number.NaN, record.hours + HISTORY_H + 10, 2 * record.hours);
  const { verdict, sentence } = judgeTable(record, HISTORY_H, 'f');
  expect(verdict).toBe('continue');
  expect(sentence).toBe(
    'The file is too thin to judge live: of the 48 hours after its history 10 have losses of both versions at half of the stations, and the guard needs 24.',
  );
});

test('where backtest and guard contradict each other the sentence says "but"', () => {
  const days = 90;
  const turned = (before: number, after: number) =>
    judgeTable(
      table(days + 30, (hour) => (hour < 24 * days ? before : after)),
      24 * days,
      'f',
    );
  const bad = turned(0.7, 1.5);
  expect(bad).toMatchObject({ verdict: 'abort', decided_by: 'guard', backtest: { verdict: 'win' } });
  expect(bad.sentence).toMatch(/15 % better\. But after \d+ judged hours .*: it is proven worse\.$/);
  expect(turned(1.5, 0.5).sentence).toMatch(/it is proven worse\. But after \d+ judged hours .*15 % better\.$/);
  expect(turned(0.7, 0.7).sentence).toMatch(/15 % better\. After/);
});

test('the sentence has the numbers of the deciding look', () => {
  const { sentence, looks, decided_at_hour } = judged(1.4);
  const look = looks.find(({ hour }) => hour === decided_at_hour);
  if (look === undefined) throw new Error('undecided');
  const { abort, safe } = looksOf(look);
  const stable = (abort.mean - safe.mean) / 0.05;
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
  expect(sentence).toBe(
    `After ${decided_at_hour} judged hours the candidate's live error is ${percent(abort.mean / stable)} higher than the stable's (at least ${percent(abort.lower / stable)} higher, at 99 % certainty): it is proven worse.`,
  );
});
