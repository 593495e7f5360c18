import { expect, test } from 'vitest';
import type { Gate } from '../core/gate.ts';
import { GUARD, guardAt } from '../core/judge/guard.ts';
import { metrics, thetas } from '../core/metrics.ts';
import { accuracy } from './accuracy.ts';
import { accuracySafe } from './accuracy-safe.ts';
import { promtool, type Series } from './promtool.ts';

const constants = { sigma0_sq: 0.01, kappa: 8 };
const MIN_HOURS = 100;
const AGE_HOURS = 131;

type Asked = { gate: Gate; accepted_loss?: boolean };

/** What the real engine answers to the gate when n hours of D = `d` were judged: a value, or null for the empty vector. */
function answers(asked: Asked, theta: keyof typeof thetas, n: number, d: number, age = AGE_HOURS): number | null {
  const { gate, accepted_loss = false } = asked;
  const labels = `release="sha256:c",pod_hash="abc",arm="candidate",theta="${thetas[theta]}"`;
  const values = [age, n, n * d, n * d * d, constants.sigma0_sq, constants.kappa, GUARD.alpha];
  const names = [
    metrics.release_hours,
    metrics.pair_hours,
    metrics.pair_sum,
    metrics.pair_sumsq,
    metrics.sigma0_sq,
    metrics.kappa,
    metrics.guard_alpha,
  ];
  const context = {
    canary: 'pod_hash="abc"',
    stable: 'pod_hash="s"',
    window: '1m',
    weights: { from: 0, to: 0.1 },
    apart: { pinned: 0, kept_out: 0 },
    backtested: true,
    accepted_loss,
  };
  const query = gate.query({ ...context, threshold: gate.threshold, min_hours: MIN_HOURS, age_hours: AGE_HOURS });
  const look = guardAt({ n, sum: n * d, sumsq: n * d * d }, constants);
  const value = gate === accuracy ? look?.lower : look?.upper;
  const series: Series = Object.fromEntries(names.map(({ name }, i) => [`${name}{${labels}}`, String(values[i])]));
  if (theta !== 'abort') series[`${metrics.pair_hours.name}{pod_hash="abc",theta="0"}`] = String(n);
  const holds = (expr: string) => {
    try {
      promtool(series, { expr, at: '0m', interval: '1m', value: 1 });
      return true;
    } catch {
      return false;
    }
  };
  if (holds(`absent(${query})`)) return null;
  expect(holds(`sum(abs((${query}) - ${value}) <= bool 1e-9)`)).toBe(true);
  return value ?? null;
}

test('accuracy waits for its hours, unless harm is proven before', () => {
  expect(answers({ gate: accuracy }, 'abort', MIN_HOURS - 1, 0)).toBeNull();
  expect(answers({ gate: accuracy }, 'abort', MIN_HOURS, 0)).toBeLessThan(0);
  expect(answers({ gate: accuracy }, 'abort', MIN_HOURS, 0, AGE_HOURS - 1)).toBeNull();
  expect(answers({ gate: accuracy }, 'abort', 40, 1)).toBeGreaterThan(accuracy.threshold);
  expect(answers({ gate: accuracy }, 'abort', 23, 1)).toBeNull();
});

test('where the plan accepts a small loss, accuracy says the bound of what goes beyond 5 %, as harmful as before', () => {
  const accepting = { gate: accuracy, accepted_loss: true };
  expect(answers(accepting, 'safe', 40, 1)).toBeGreaterThan(accuracy.threshold);
  expect(answers(accepting, 'safe', MIN_HOURS, -0.03)).toBeLessThan(accuracy.threshold);
  // D(0) alone is no answer then, however large.
  expect(answers(accepting, 'abort', 40, 1)).toBeNull();
  expect(answers({ gate: accuracy }, 'safe', 40, 1)).toBeNull();
});

test('accuracy-safe waits until anything good may be said, and then says its bound, whatever it is', () => {
  const least = Math.max(MIN_HOURS, GUARD.min_hours_good);
  expect(answers({ gate: accuracySafe }, 'safe', least - 1, -1)).toBeNull();
  expect(answers({ gate: accuracySafe }, 'safe', least, -1)).toBeLessThan(accuracySafe.threshold);
  expect(answers({ gate: accuracySafe }, 'safe', least, 1)).toBeGreaterThan(0);
});
