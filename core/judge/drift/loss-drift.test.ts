import { expect, test } from 'vitest';
import { randomOf } from '../../random.ts';
import { LossDrift, type LossDriftState } from './loss-drift.ts';
import { defaultDrift } from './settings.ts';

/** Hourly losses around 1 with a daily shape, `times` as large from hour `from`. */
function losses(hours: number, from = Number.POSITIVE_INFINITY, times = 1): number[] {
  const random = randomOf(3);
  return Array.from(
    { length: hours },
    (_, h) => (1 + 0.3 * Math.sin((Math.PI * h) / 12) + 0.2 * (random() - 0.5)) * (h >= from ? times : 1),
  );
}

function watch(values: readonly number[], drift = new LossDrift(defaultDrift)) {
  return values.flatMap((loss, h) => drift.observe(h + 1, loss).map((detector) => ({ h, detector })));
}

test('a loss that stays as it is never drifts', () => {
  expect(watch(losses(24 * 90))).toEqual([]);
});

test('a doubled loss is seen by Page-Hinkley and CUSUM within days, by ADWIN within weeks', () => {
  const from = 24 * 40;
  const found = watch(losses(24 * 80, from, 2));
  const first = (name: string) => found.find(({ detector }) => detector === name)?.h ?? Number.NaN;
  expect(first('page_hinkley') - from).toBeLessThan(24 * 7);
  expect(first('cusum') - from).toBeLessThan(24 * 4);
  expect(first('adwin') - from).toBeLessThan(24 * 30);
  expect(found.every(({ h }) => h >= from)).toBe(true);
});

test('a state that was stored and read back goes on as if nothing had happened', () => {
  const values = losses(24 * 60, 24 * 40, 2.5);
  const whole = new LossDrift(defaultDrift);
  const found = watch(values, whole);
  let state: LossDriftState | undefined;
  const interrupted = values.flatMap((loss, h) => {
    const drift = new LossDrift(defaultDrift, state);
    const seen = drift.observe(h + 1, loss);
    state = JSON.parse(JSON.stringify(drift.state));
    return seen.map((detector) => ({ h, detector }));
  });
  expect(interrupted).toEqual(found);
  expect(found.length).toBeGreaterThan(0);
  expect(state).toEqual(whole.state);
});

test('a day of few judged hours has no mean, and gaps are no drift', () => {
  const drift = new LossDrift(defaultDrift);
  // Eleven hours a day: Page-Hinkley sees them, the daily detectors never do.
  const hours = losses(24 * 30).flatMap((loss, h) => (h % 24 < 11 ? [{ h, loss }] : []));
  for (const { h, loss } of hours) expect(drift.observe(h + 1, loss)).toEqual([]);
  expect(drift.state.page_hinkley.n).toBe(hours.length);
  expect(drift.state.cusum.n).toBe(0);
  expect(drift.state.adwin.width).toBe(0);
});
