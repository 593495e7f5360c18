import { expect, test } from 'vitest';
import { fixedGates, type GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import schema from '../core/plan.schema.json' with { type: 'json' };
import { allGates, gatesFor } from './gates.ts';

const context: Omit<GateContext, 'threshold'> = {
  canary: 'pod_hash="{{args.canary-hash}}"',
  stable: 'pod_hash="{{args.stable-hash}}"',
  window: '6s',
  min_hours: 274,
  age_hours: 333,
  weights: { from: 0.1, to: 0.25 },
  apart: { pinned: 0, kept_out: 0 },
  backtested: true,
  accepted_loss: false,
};

/** Every series with its labels: Prometheus adds those of the pod to a model server's, and a histogram is three series. */
const exported = new Map(
  Object.values(metrics).flatMap(({ name, type, labels, exporter }): [string, readonly string[]][] => {
    const all = exporter === 'model-server' ? ['pod_hash', 'pod', ...labels] : labels;
    if (type !== 'histogram') return [[name, all]];
    return [
      [`${name}_bucket`, ['le', ...all]],
      [`${name}_count`, all],
      [`${name}_sum`, all],
    ];
  }),
);

test('the plan schema offers exactly the gates whose limits are not fixed', () => {
  const settable = allGates.filter(({ fixed }) => !fixed).map(({ name }) => name);
  expect(Object.keys(schema.$defs.gates.properties).sort()).toEqual(settable.sort());
});

test('no plan can switch off what the statistics decide or what is a defect', () => {
  const fixed = allGates.filter((gate) => gate.fixed).map(({ name }) => name);
  expect(fixed.sort()).toEqual(fixedGates.toSorted());
});

test('a title says the limit that holds, not the one that the gate has of its own', () => {
  for (const gate of allGates.filter(({ fixed }) => !fixed)) {
    expect(gate.title(0.125)).toMatch(/\b(0\.125|12\.5 %)/);
    expect(gate.title(0.125)).not.toBe(gate.title(gate.threshold));
  }
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
  // Without a usable backtest there is nothing to be consistent with.
  expect(names(true)).toContain('consistency');
  expect(names(false)).not.toContain('consistency');
});
