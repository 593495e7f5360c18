import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../plan.ts';
import type { StationRules } from '../plan-types.ts';
import { compile } from './compile.ts';
import { exampleTarget } from './example-target.ts';
import { anyOf, type StationsApart, stationsApart } from './stations.ts';

const plan = parsePlan(readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'forecast.yaml');
const inventory = [
  { station_id: 'b-1', region: 'north', criticality: 'high' },
  { station_id: 'a-1', region: 'north', criticality: 'low' },
  { station_id: 'c-1', region: 'south', criticality: 'high' },
];
const rules: StationRules = { inventory: 'stations.csv', pinned: [], kept_out: [] };

test('selectors mean the stations of the inventory, each once and in order', () => {
  const pinned = [{ region: 'north' }, { id: 'b-1' }];
  expect(stationsApart({ ...rules, pinned, kept_out: [{ id: 'c-1' }] }, inventory)).toEqual({
    pinned: ['a-1', 'b-1'],
    kept_out: ['c-1'],
  });
  expect(stationsApart({ ...rules, inventory: null, pinned: [{ id: 'x' }] }, [])).toMatchObject({ pinned: ['x'] });
});

test('what means no station, or one station twice, is refused with everything that is wrong', () => {
  const kept_out = [{ criticality: 'high' }, { region: 'nroth' }];
  expect(() => stationsApart({ ...rules, pinned: [{ region: 'north' }, { id: 'b1' }], kept_out }, inventory)).toThrow(
    [
      'stations.pinned[1]: no station of stations.csv is {"id":"b1"}; correct the selector, or add the station to the inventory',
      'stations.kept_out[1]: no station of stations.csv is {"region":"nroth"}; correct the selector, or add the station to the inventory',
      'stations: b-1 are pinned and kept out; narrow one of the two lists',
    ].join('\n'),
  );
});

test('more stations than Istio and Envoy take are refused', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ station_id: `s${1000 + n}`, region: 'r', criticality: '' }));
  const apart = (list: 'pinned' | 'kept_out', count: number) => () =>
    stationsApart({ ...rules, [list]: [{ region: 'r' }] }, rows(count));
  expect(apart('pinned', 170)().pinned).toHaveLength(170);
  expect(apart('pinned', 171)).toThrow(
    'stations.pinned: 171 stations are an expression of 1025 bytes, and Istio takes 1024 here',
  );
  expect(apart('kept_out', 5460)().kept_out).toHaveLength(5460);
  expect(apart('kept_out', 5461)).toThrow(/^stations.kept_out: 5461 stations .* Envoy takes 32760 here/);
});

test('an id matches itself alone, whatever signs are in it', () => {
  const ids = ['a.b', 'a+b', 'x|y', '(z)', '[0]^$', 'back\\slash', 'cur{ly}', 'st*r?'];
  const pattern = new RegExp(`^(?:${anyOf(ids)})$`, 'u');
  for (const id of ids) expect(pattern.test(id)).toBe(true);
  for (const other of ['axb', 'aab', 'x', 'y', 'z', '0', 'a.b ', 'str']) expect(pattern.test(other)).toBe(false);
});

const compiled = (stations: StationsApart) => compile(plan, [], { ...exampleTarget, stations });

test('every ramp pins its stations before its weight, by a route that Argo orders first, and the shadow does not', () => {
  const canary = compiled({ pinned: ['a-1'], kept_out: [] }).rollout.spec.strategy?.canary;
  expect(canary?.trafficRouting?.managedRoutes).toEqual([{ name: 'pinned' }, { name: 'shadow' }]);
  const steps = canary?.steps ?? [];
  const pins = steps.flatMap((step, index) => (step.setHeaderRoute === undefined ? [] : [index]));
  expect(pins).toHaveLength(plan.phases.length - 1);
  for (const index of pins) {
    expect(steps[index - 1]).toHaveProperty('setCanaryScale');
    expect(steps[index + 1]).toHaveProperty('setWeight');
    expect(steps[index]).toEqual({
      setHeaderRoute: { name: 'pinned', match: [{ headerName: 'x-station-id', headerValue: { regex: 'a-1' } }] },
    });
  }
});

test('stations that are kept out go to the stable Service before any other route, by an object that is not Argo’s', () => {
  const [, keptOut] = compiled({ pinned: [], kept_out: ['a.1', 'b-1'] }).envoyFilters;
  const [patch] = keptOut?.spec?.configPatches ?? [];
  expect(patch?.patch).toMatchObject({
    operation: 'INSERT_FIRST',
    value: {
      match: { headers: [{ name: 'x-station-id', string_match: { safe_regex: { regex: 'a\\.1|b-1' } } }] },
      route: { cluster: 'outbound|8780||forecast-stable.forecast.svc.cluster.local' },
    },
  });
});

test('a plan that sets no station apart compiles to no route of its own', () => {
  const { envoyFilters, rollout } = compiled({ pinned: [], kept_out: [] });
  expect(envoyFilters).toHaveLength(1);
  expect(JSON.stringify(rollout)).not.toContain('pinned');
});
