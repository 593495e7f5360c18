import { expect, test } from 'vitest';
import { judgeBacktest } from './backtest.ts';
import { parseBacktest } from './backtest-file.ts';

const backtest = judgeBacktest({
  candidate_release: 'sha256:c',
  stable_release: 'sha256:s',
  losses: {
    from_h: 1,
    to_h: 24 * 95,
    scale_kw: { a: 2 },
    stations_left_out: ['b'],
    days_left_out: 0,
    days: {
      candidate: Float64Array.from({ length: 95 }, (_, d) => 0.9 + 0.1 * Math.sin(d)),
      stable: new Float64Array(95).fill(1),
    },
    hours: {
      target_h: Float64Array.from({ length: 24 * 95 }, (_, i) => i + 1),
      candidate: Float64Array.from({ length: 24 * 95 }, (_, h) => 0.9 + 0.1 * Math.sin(h)),
      stable: new Float64Array(24 * 95).fill(1),
    },
    mae_kw: { candidate: 1.8, stable: 2 },
    rmse_scaled: { candidate: 1.1, stable: 1.2 },
    station_hours: 24 * 95,
    invalid_values: { candidate: 0, stable: 0 },
  },
  tries: 2,
  looks: [{ from: '1970-01-01T01:00:00Z', to: '1970-04-06T00:00:00Z', days: 95, seed: 1 }],
  arm: { name: 'weekly', of: 2 },
});

test('a judged backtest comes back from its file as it was, with and without looks', () => {
  expect(parseBacktest(JSON.stringify(backtest), 'file')).toEqual(backtest);
  const none = { look: null, guard: null };
  const short = { ...backtest, verdict: 'none', theta: { abort: none, safe: none, win: none } };
  expect(parseBacktest(JSON.stringify(short), 'file')).toEqual(short);
});

test('a file of before looks and arms were kept names none', () => {
  const { looks, arm, ...older } = backtest;
  expect([looks.length, arm]).toEqual([1, 'weekly']);
  expect(parseBacktest(JSON.stringify(older), 'file')).toMatchObject({ looks: [], arm: null });
});

test('what is wrong with a file is named', () => {
  expect(() => parseBacktest('{', 'b.json')).toThrow(/^b\.json: not JSON/);
  const wrong = { ...backtest, verdict: 'fine', scale_kw: { a: 0 } };
  expect(() => parseBacktest(JSON.stringify(wrong), 'b.json')).toThrow(
    /b\.json\/verdict: .*\nb\.json\/scale_kw\/a: must be > 0/,
  );
});
