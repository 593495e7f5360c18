import { expect, test } from 'vitest';
import { weightsOf } from './xds-weights.ts';

const sides = { stable: 'stable', canary: 'canary', route: 'primary' };
const inForce = (...routes: object[]) => ({
  routes: { virtual_hosts: [{ routes }] },
  version: 'v',
  since: '2026-01-01T00:00:00.123Z',
});

test('shares are taken from what Envoy says of the primary route, and a mirror from any route', () => {
  const weighted_clusters = {
    clusters: [
      { name: 'stable', weight: 30 },
      { name: 'canary', weight: 10 },
    ],
  };
  const shadow = { name: 'shadow', route: { cluster: 'stable', request_mirror_policies: [{ cluster: 'canary' }] } };
  expect(weightsOf(inForce(shadow, { name: 'primary', route: { weighted_clusters } }), sides)).toEqual({
    at: '2026-01-01T00:00:00.123Z',
    primary: { stable: 75, canary: 25 },
    mirror: true,
  });
});

test('one cluster has it all, and without a primary route there is nothing to say', () => {
  const only = inForce({ name: 'primary', route: { cluster: 'canary' } });
  expect(weightsOf(only, sides)).toMatchObject({ primary: { stable: 0, canary: 100 }, mirror: false });
  expect(weightsOf(inForce(), sides)).toBeUndefined();
});
