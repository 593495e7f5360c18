import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { officialPlugins } from './kubernetes-plugin.ts';

const home = mkdtempSync(path.join(tmpdir(), 'pulumi-home-'));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function install(version: string): void {
  const folder = path.join(home, 'plugins', `resource-kubernetes-v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'pulumi-resource-kubernetes'), '');
}

test('the official provider is taken where its folder has the version of the SDK', () => {
  install('4.34.2');
  expect(officialPlugins({ PULUMI_HOME: home })).toBe(path.join(home, 'plugins'));
});

test('a provider of another version does not serve', () => {
  install('4.0.0');
  expect(officialPlugins({ PULUMI_HOME: home })).toBeNull();
});
