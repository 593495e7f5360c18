import { expect, test } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { randomOf } from '../../core/random.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { candidateLosses } from './candidates.ts';

/** Days that resemble the day before, with a level that wanders: both halves are alike. */
function wandering(days: number, change: (hour: number) => number = () => 1): Telemetry {
  const random = randomOf(4);
  const stations = ['a', 'b', 'c'].map((station_id) => ({ station_id, name: station_id }));
  const values_kw = stations.map(() => {
    let level = 0;
    return Float64Array.from({ length: 24 * days }, (_, h) => {
      level = 0.98 * level + random() - 0.5;
      return (20 + 5 * Math.sin((2 * Math.PI * h) / 24) + level) * change(h);
    });
  });
  return { name: 'wandering', stations, start_h: 7, hours: 24 * days, values_kw };
}

const total = (x: Float64Array) => x.reduce((sum, loss) => sum + loss, 0);

test('the ridges beat the seasonal forecast out of sample, and short leads are easier than long ones', () => {
  const { models, stations, hours } = candidateLosses(wandering(140));
  expect([stations, hours % 24]).toEqual([3, 0]);
  expect(total(models.ridge['leads 1-24'])).toBeLessThan(0.95 * total(models.seasonal['leads 1-24']));
  expect(total(models.ridge['leads 1-24'])).toBeLessThan(total(models.ridge['lead 24']));
  const near = total(models.retrained['lead 24']) / total(models.ridge['lead 24']);
  expect(Math.abs(near - 1)).toBeLessThan(0.1);
});

test('nothing that is judged was fitted: other readings on the last day change no loss before it', () => {
  const last = 24 * 139;
  const [as_is, changed] = [wandering(140), wandering(140, (h) => (h >= last ? 3 : 1))].map((t) => candidateLosses(t));
  const before = (as_is?.hours ?? 0) - 48;
  for (const model of ['seasonal', 'ridge', 'rich', 'retrained'] as const)
    expect(changed?.models[model]['leads 1-24'].subarray(0, before)).toEqual(
      as_is?.models[model]['leads 1-24'].subarray(0, before),
    );
});

test('stations with gaps are left out, and a set that is too short is refused', () => {
  const gaps = wandering(140);
  gaps.values_kw[1]?.fill(Number.NaN, 50, 51);
  expect(candidateLosses(gaps).stations).toBe(2);
  expect(() => candidateLosses(wandering(100))).toThrow(InputError);
});
