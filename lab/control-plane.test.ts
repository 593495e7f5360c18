import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { credentialPaths } from './credentials.ts';
import { describeLab } from './lab.ts';
import { dryRun, type Part, wavesOf } from './process.ts';
import { prometheusConfig, targetlessConfig } from './prometheus.ts';

const dir = '/run/gridramp-a1b2c3';
const site = { id: 'a1b2c3', bin: '/bin', dir, slot: 100, host: '127.100.0.1', credentials: credentialPaths(dir) };

test('every command of the lab is as reviewed', async () => {
  await expect(dryRun(describeLab(site, undefined))).toMatchFileSnapshot('golden/control-plane.txt');
});

test('what Prometheus scrapes is as reviewed', async () => {
  await expect(prometheusConfig(site.credentials.kubeconfig('prometheus'))).toMatchFileSnapshot(
    'golden/prometheus.yml',
  );
});

test('a Prometheus without targets scrapes nothing', () => {
  expect(parse(targetlessConfig())).not.toHaveProperty('scrape_configs');
});

const part = (name: string, ...links: string[]): Part => ({ name, links, run: async () => undefined });

test.each([
  ['a waits for "b", which the lab does not have', [part('a', 'b')]],
  ['these parts of the lab wait for each other: a, b', [part('a', 'b'), part('b', 'a'), part('c')]],
  ['two parts of the lab have the same name: a', [part('a'), part('a')]],
])('a lab that cannot start is refused: %s', (message, parts) => {
  expect(() => wavesOf(parts)).toThrow(message);
});
