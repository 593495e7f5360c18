import { expect, test } from 'vitest';
import type { GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import schema from '../core/plan.schema.json' with { type: 'json' };
import { allGates, gatesFor } from './gates.ts';

const context: Omit<GateContext, 'threshold'> = {
  canary: 'pod_hash="{{args.canary-hash}}"',
  stable: 'pod_hash="{{args.stable-hash}}"',
  window: '6s',
  min_hours: 274,
  age_hours: 333,
  backtested: true,
};

/** Suffixes that Prometheus' histograms add. */
const exported = new Map(
  Object.values(metrics).flatMap(({ name, labels }) =>
    [name, `${name}_bucket`, `${name}_count`, `${name}_sum`].map((series) => [
      series,
      ['pod_hash', 'pod', 'le', ...labels],
    ]),
  ),
);

test('the plan schema offers exactly the gates that exist', () => {
  expect(Object.keys(schema.properties.gates.properties).sort()).toEqual(allGates.map(({ name }) => name).sort());
});

test.each(allGates)('$name names only metrics and labels that something exports', (gate) => {
  const query = gate.query({ ...context, threshold: gate.threshold });
  const selectors = [...query.matchAll(/([a-zA-Z_]\w*)\{((?:[^{}]|\{\{[^}]*\}\})*)\}/g)];
  expect(selectors.length).toBeGreaterThan(0);
  for (const [, name = '', matchers = ''] of selectors) {
    expect([...exported.keys()]).toContain(name);
    const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label);
    expect(exported.get(name)).toEqual(expect.arrayContaining(labels));
    expect(labels).toContain('pod_hash');
  }
});

test.each(allGates)('$name is never harmful and good at once, on either side of its threshold', (gate) => {
  const { threshold } = gate;
  const holds = (condition: string, x: number) => {
    const [, operator, limit] = /^x (<=|>=|<|>) (-?[\d.]+)$/.exec(condition) ?? [];
    if (condition !== 'false' && limit === undefined) throw new Error(`"${condition}" is no comparison of x`);
    const difference = x - Number(limit);
    const signs: Record<string, boolean> = {
      '<=': difference <= 0,
      '>=': difference >= 0,
      '<': difference < 0,
      '>': difference > 0,
    };
    return signs[operator ?? ''] ?? false;
  };
  for (const x of [threshold - 1, threshold, threshold + 1])
    expect([holds(gate.harmful(threshold), x), holds(gate.good(threshold), x)]).not.toEqual([true, true]);
});

test('without a usable backtest the live guard must rule the loss out', () => {
  const names = (backtested: boolean) => gatesFor({ backtested }).map(({ name }) => name);
  expect(names(false)).toContain('accuracy-safe');
  expect(names(true)).not.toContain('accuracy-safe');
  expect(names(true)).toContain('accuracy');
});
