import { expect, test } from 'vitest';
import { template } from './example-releases.ts';
import { readPlan } from './plan-template.ts';
import { variantsOfPlan, variantsOfTemplate } from './variants.ts';

const plan = await readPlan('rollouts/forecast.yaml');
const asked = { metric: undefined, sweep: new Map<string, number[]>() };
const placeOf = () => 'template.yaml';

test('Every gate that a plan may set is tried alone, around today’s threshold', () => {
  const variants = variantsOfPlan(plan, 'ramp-10', asked);
  expect(variants.every(({ file }) => file.template.spec.metrics.length === 1)).toBe(true);
  expect(variants.filter(({ what }) => what === 'latency').map(({ threshold }) => threshold)).toEqual([
    25, 50, 75, 100, 150, 200, 400,
  ]);
  expect(
    variants.filter(({ what, current }) => what === 'latency' && current).map(({ threshold }) => threshold),
  ).toEqual([100]);
  expect(variants.map(({ what }) => what)).not.toContain('parity');
});

test('A threshold that is tried stands in the condition', () => {
  const [variant] = variantsOfPlan(plan, 'ramp-10', { ...asked, sweep: new Map([['latency', [30]]]) });
  expect(variant?.threshold).toBe(30);
  expect(variant?.file.template.spec.metrics[0]?.failureCondition).toContain('> 30');
});

test('A gate or an argument that does not exist is refused', () => {
  const sweep = new Map([['latenzy', [1]]]);
  expect(() => variantsOfPlan(plan, 'ramp-10', { ...asked, sweep })).toThrow(
    '"latenzy" is no metric of forecast-ramp-10',
  );
  expect(() => variantsOfTemplate({ template, placeOf }, sweep)).toThrow(
    '--sweep: "latenzy" is no argument of fallback; choose one of most',
  );
  expect(() => variantsOfTemplate({ template, placeOf }, new Map())).toThrow('--sweep: is missing');
});
