import { expect, test } from 'vitest';
import { alarmWorld } from './alarm-world.ts';
import { madeLosses } from './made-losses.ts';
import { PATH_DAYS } from './path.ts';

const [stations, recorded_days] = [3, 60];
const noise = (i: number) => 0.2 * Math.sin(i * i);
const inOrder = new Int32Array(PATH_DAYS).map((_, d) => d % 50);

test('days like those of the backtest raise no alarm, and days on which the candidate errs far more do', () => {
  const hours = 24 * recorded_days;
  /** On the last ten recorded days, which the backtest does not have, the candidate's losses are fourfold. */
  const losses = madeLosses(stations, hours, (model, i) => {
    const is_late = i % hours >= 24 * 50;
    return (2 + noise(model === 'rich' ? i + 7 : i)) * (model === 'rich' && is_late ? 4 : 1);
  });
  const alarm = alarmWorld(losses, 'similar');
  expect(alarm(inOrder, 'seed')).toBe(false);
  expect(
    alarm(
      inOrder.map((day, d) => (d >= 134 ? 50 + (d % 10) : day)),
      'seed',
    ),
  ).toBe(true);
});
