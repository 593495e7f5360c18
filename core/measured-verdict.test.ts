import { expect, test } from 'vitest';
import { type BacktestVerdict, judgeBacktest } from './judge/backtest.ts';
import { backtestInVerdict, worstArm } from './measured-verdict.ts';

const DAYS = 120;
const series = (n: number, of: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => of(i));

/** An arm whose error is `ratio` of the stable's, and that was said to be `verdict`. */
function arm(name: string | null, verdict: BacktestVerdict, ratio: number) {
  const loss = (i: number) => ratio + 0.02 * Math.sin(i * i);
  const backtest = judgeBacktest({
    ...{ candidate_release: 'sha256:c', stable_release: 'sha256:s', tries: 1 },
    ...(name === null ? {} : { arm: { name, of: 3 } }),
    losses: {
      ...{ from_h: 1, to_h: 24 * DAYS, scale_kw: { a: 2 }, stations_left_out: [], days_left_out: 0 },
      days: { candidate: series(DAYS, loss), stable: series(DAYS, () => 1) },
      hours: {
        target_h: series(24 * DAYS, (i) => i + 1),
        candidate: series(24 * DAYS, loss),
        stable: series(24 * DAYS, () => 1),
      },
      ...{ mae_kw: { candidate: 2, stable: 2 }, rmse_scaled: { candidate: 1, stable: 1 } },
      ...{ station_hours: 24 * DAYS, invalid_values: { candidate: 0, stable: 0 } },
    },
  });
  expect(backtest.verdict).toBe(verdict);
  return { backtest };
}

test('one arm speaks for itself', () => {
  const { backtest } = arm(null, 'win', 0.7);
  expect(backtestInVerdict([{ backtest }], 'all')).toMatchObject({
    verdict: 'win',
    sentence: backtest.sentence,
    arms: [],
  });
});

test('a default arm that is fine does not hide another that is proven worse: it is told by name', () => {
  const arms = [arm('all', 'win', 0.7), arm('weekly', 'abort', 1.2), arm('online', 'safe', 0.95)];
  const said = backtestInVerdict(arms, null);
  expect(said).toMatchObject({ verdict: 'abort', mean: arms[1]?.backtest.theta.abort.look?.mean });
  expect(said.sentence).toMatch(/^Over 120 days the error of the candidate's arm weekly was 20\.\d % higher/);
  expect(said.sentence).toMatch(
    /Its other arms: all, it is proven at least 15 % better; online, a loss of 5 % or more is ruled out\.$/,
  );
  expect(said.arms.map(({ arm: name, verdict }) => `${name} ${verdict}`)).toEqual([
    'all win',
    'weekly abort',
    'online safe',
  ]);
});

test('beside the default arm one that is proven worse goes off instead of deciding', () => {
  const [control, weekly, online] = [
    arm('control', 'safe', 0.95),
    arm('weekly', 'abort', 1.2),
    arm('online', 'win', 0.7),
  ];
  const said = backtestInVerdict([control, weekly, online], 'control');
  expect(said.verdict).toBe('safe');
  expect(said.sentence).toMatch(/arm control .* Its other arms: weekly, it is proven worse; online, /);
  expect(backtestInVerdict([control, weekly, online], 'weekly').verdict).toBe('abort');
});

test('of equal words the larger error decides', () => {
  const [small, large] = [arm('a', 'safe', 0.92), arm('b', 'safe', 0.95)];
  expect(worstArm([small, large])).toBe(large);
  expect(worstArm([large, small])).toBe(large);
});
