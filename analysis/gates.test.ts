import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgedPhases } from '../core/compile/judged-phases.ts';
import { fixedGates, type GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import schema from '../core/plan.schema.json' with { type: 'json' };
import { parsePlan } from '../core/plan.ts';
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

test('every gate says in a few words what it can find, of many stations, of few and of nobody knows how many', () => {
  const file = 'rollouts/forecast.yaml';
  const plan = parsePlan(readFileSync(file, 'utf8'), file);
  const found = (stations: number | null) =>
    Object.fromEntries(
      judgedPhases(plan, { stations, apart: { pinned: 0, kept_out: 0 } })
        .slice(0, 2)
        .map((phase) => [phase.name, allGates.map((gate) => `${gate.name}: ${gate.detects(phase, gate.threshold)}`)]),
    );
  expect(found(null)).toMatchInlineSnapshot(`
    {
      "ramp-10": [
        "backtest: a loss that its recorded days prove (at least 90 of them)",
        "accuracy: a loss from 25 % (power at 5 %: under 1 %)",
        "accuracy-safe: nothing harmful; waits until a loss of 5 % is ruled out",
        "valid: any forecast that is no number",
        "fresh: more than 1 % of forecasts that stand still",
        "parity: any served forecast that its model does not make",
        "consistency: what leaves the backtest's limits, in the first 14 days",
        "pair-coverage: nothing harmful; waits below 95 % of the pairs",
        "label-coverage: nothing harmful; waits below 90 % of the readings",
        "restarts: any restart",
        "memory: growth by more than 50 MB in 6h",
        "latency: p99 more than 100 ms above the stable's for 3h",
        "latency-exceedance: little more than 10 % of answers 100 ms beyond the stable's p90, if they are many",
        "errors: 1 % more of the answers than of the stable's for 3h",
        "fallback: more than 1 % of forecasts for 3h",
        "cpu: more than 20 times the stable's for 3h",
        "sample-ratio: a share of stations that is no chance",
      ],
      "shadow": [
        "backtest: a loss that its recorded days prove (at least 90 of them)",
        "accuracy: a loss from 35 % (power at 5 %: under 1 %)",
        "accuracy-safe: nothing harmful; waits until a loss of 5 % is ruled out",
        "valid: any forecast that is no number",
        "fresh: more than 1 % of forecasts that stand still",
        "parity: any served forecast that its model does not make",
        "consistency: what leaves the backtest's limits, in the first 14 days",
        "pair-coverage: nothing harmful; waits below 95 % of the pairs",
        "label-coverage: nothing harmful; waits below 90 % of the readings",
        "restarts: any restart",
        "memory: growth by more than 50 MB in 6h",
        "latency: p99 more than 100 ms above the stable's for 3h",
        "latency-exceedance: little more than 10 % of answers 100 ms beyond the stable's p90, if they are many",
        "errors: 1 % more of the answers than of the stable's for 3h",
        "fallback: more than 1 % of forecasts for 3h",
        "cpu: more than 20 times the stable's for 3h",
        "sample-ratio: a share of stations that is no chance",
      ],
    }
  `);
  expect(found(115)).toMatchInlineSnapshot(`
    {
      "ramp-10": [
        "backtest: a loss that its recorded days prove (at least 90 of them)",
        "accuracy: a loss from 26 % (power at 5 %: under 1 %)",
        "accuracy-safe: nothing harmful; waits until a loss of 5 % is ruled out",
        "valid: any forecast that is no number",
        "fresh: more than 1 % of forecasts that stand still",
        "parity: any served forecast that its model does not make",
        "consistency: what leaves the backtest's limits, in the first 14 days",
        "pair-coverage: nothing harmful; waits below 95 % of the pairs",
        "label-coverage: nothing harmful; waits below 90 % of the readings",
        "restarts: any restart",
        "memory: growth by more than 50 MB in 6h",
        "latency: p86 more than 100 ms above the stable's for 3h",
        "latency-exceedance: 13 % of answers 100 ms beyond the stable's p90",
        "errors: 3 failed of 36 answers in 3h",
        "fallback: more than 1 % of forecasts for 3h",
        "cpu: more than 20 times the stable's for 3h",
        "sample-ratio: more than 23 of 115 stations",
      ],
      "shadow": [
        "backtest: a loss that its recorded days prove (at least 90 of them)",
        "accuracy: a loss from 36 % (power at 5 %: under 1 %)",
        "accuracy-safe: nothing harmful; waits until a loss of 5 % is ruled out",
        "valid: any forecast that is no number",
        "fresh: more than 1 % of forecasts that stand still",
        "parity: any served forecast that its model does not make",
        "consistency: what leaves the backtest's limits, in the first 14 days",
        "pair-coverage: nothing harmful; waits below 95 % of the pairs",
        "label-coverage: nothing harmful; waits below 90 % of the readings",
        "restarts: any restart",
        "memory: growth by more than 50 MB in 6h",
        "latency: p98 more than 100 ms above the stable's for 3h",
        "latency-exceedance: 13 % of answers 100 ms beyond the stable's p90",
        "errors: 6 failed of 345 answers in 3h",
        "fallback: more than 1 % of forecasts for 3h",
        "cpu: more than 20 times the stable's for 3h",
        "sample-ratio: more than 1 of 115 stations",
      ],
    }
  `);
  expect(found(12)['ramp-10']).toMatchInlineSnapshot(`
    [
      "backtest: a loss that its recorded days prove (at least 90 of them)",
      "accuracy: a loss from 32 % (power at 5 %: under 1 %)",
      "accuracy-safe: nothing harmful; waits until a loss of 5 % is ruled out",
      "valid: any forecast that is no number",
      "fresh: more than 1 % of forecasts that stand still",
      "parity: any served forecast that its model does not make",
      "consistency: what leaves the backtest's limits, in the first 14 days",
      "pair-coverage: nothing harmful; waits below 95 % of the pairs",
      "label-coverage: nothing harmful; waits below 90 % of the readings",
      "restarts: any restart",
      "memory: growth by more than 50 MB in 6h",
      "latency: nothing, and waits: fewer than 10 answers in 3h",
      "latency-exceedance: 28 % of answers 100 ms beyond the stable's p90",
      "errors: little: fewer than 10 answers in 3h",
      "fallback: more than 1 % of forecasts for 3h",
      "cpu: more than 20 times the stable's for 3h",
      "sample-ratio: more than 5 of 12 stations",
    ]
  `);
});
