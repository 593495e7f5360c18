/** The bounds of stations that are set apart, tried on Envoy itself: it refuses a regular expression whose program is too large. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anyOf, ENVOY_PROGRAM } from './stations.ts';

/** Ids that share no beginning, which would make the program smaller. */
function idsOf(bytes: number): string[] {
  return Array.from({ length: Math.floor((bytes + 1) / 13) }, (_, n) =>
    ((n + 1) * 2_654_435_761).toString(36).split('').reverse().join('').padEnd(12, 'x').slice(0, 12),
  );
}

function validated(ids: readonly string[], most: number | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'gridramp-envoy-'));
  const route = {
    match: {
      prefix: '/',
      headers: [{ name: 'x-station-id', string_match: { safe_regex: { regex: anyOf(ids) } } }],
    },
    direct_response: { status: 200 },
  };
  const manager = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: 'test',
    route_config: { name: 'test', virtual_hosts: [{ name: 'test', domains: ['*'], routes: [route] }] },
  };
  const listener = {
    name: 'test',
    address: { pipe: { path: join(folder, 'socket') } },
    filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] }],
  };
  const layer = { name: 'test', static_layer: { 're2.max_program_size.error_level': most } };
  const file = join(folder, 'envoy.json');
  writeFileSync(
    file,
    JSON.stringify({
      static_resources: { listeners: [listener] },
      ...(most === null ? {} : { layered_runtime: { layers: [layer] } }),
    }),
  );
  try {
    const { stdout, stderr } = spawnSync(
      join(process.env.GRIDRAMP_BIN ?? '', 'envoy'),
      ['--mode', 'validate', '--config-path', file, '--disable-hot-restart', '--log-level', 'error'],
      { encoding: 'utf8' },
    );
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('Envoy takes as many bytes of ids as a plan may keep out, and no more than a few above', () => {
  expect(validated(idsOf(ENVOY_PROGRAM - 8), ENVOY_PROGRAM)).toMatch(/ OK\s*$/);
  expect(validated(idsOf(1.1 * ENVOY_PROGRAM), ENVOY_PROGRAM)).toMatch(
    /RE2 program size of \d+ > max program size of 32768/,
  );
});

test("Envoy's bound is 100 where Istio has not started it with another", () => {
  expect(validated(idsOf(1024), null)).toMatch(/RE2 program size of \d+ > max program size of 100/);
});
