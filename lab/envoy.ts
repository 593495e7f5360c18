import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVOY_PROGRAM } from '../core/compile/stations.ts';
import type { ProcessDescription } from './process.ts';
import { fileSource, xdsFiles } from './xds-resources.ts';

export type EnvoyPlace = {
  /** The lab's slot: Envoy's admin is 127.SLOT.0.1:9901, its ingress 127.SLOT.0.1:8780. */
  slot: number;
  /** Folder for its bootstrap and the files it follows. */
  dir: string;
  /** Folder of the lab's binaries. */
  bin: string;
};

export const ADMIN_PORT = 9901;

export function ingressAddress(slot: number): string {
  return `127.${slot}.0.1`;
}

export function envoyAdmin(slot: number): string {
  return `http://${ingressAddress(slot)}:${ADMIN_PORT}`;
}

/** Envoy as a process of the lab; write its files by `prepareEnvoy` before it starts. */
export function envoyProcess({ slot, dir, bin }: EnvoyPlace, links: readonly string[]): ProcessDescription {
  return {
    name: 'envoy',
    command: join(bin, 'envoy'),
    // Without hot restart there is no shared memory by which two labs' proxies could meet.
    args: [
      '--config-path',
      join(dir, 'bootstrap.json'),
      '--disable-hot-restart',
      '--concurrency',
      '1',
      '--log-level',
      'warning',
    ],
    links,
    ready: { kind: 'http', url: `${envoyAdmin(slot)}/ready` },
  };
}

/** The files must exist when Envoy starts, so that it and the translator may start in any order. */
export function prepareEnvoy(place: EnvoyPlace): void {
  mkdirSync(join(place.dir, 'endpoints'), { recursive: true });
  for (const file of [xdsFiles.listeners(place.dir), xdsFiles.clusters(place.dir)])
    if (!existsSync(file)) writeFileSync(file, JSON.stringify({ version_info: 'none', resources: [] }));
  writeFileSync(join(place.dir, 'bootstrap.json'), JSON.stringify(envoyBootstrap(place), null, 2));
}

export function envoyBootstrap({ slot, dir }: EnvoyPlace): Record<string, unknown> {
  const connections = {
    '@type':
      'type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
    max_active_downstream_connections: 4096,
  };
  return {
    node: { id: `lab-${slot}`, cluster: 'lab' },
    admin: { address: { socket_address: { address: ingressAddress(slot), port_value: ADMIN_PORT } } },
    dynamic_resources: {
      lds_config: fileSource(xdsFiles.listeners(dir)),
      cds_config: fileSource(xdsFiles.clusters(dir)),
    },
    // As Istio starts it: by Envoy's own default no more than about eight stations could be set apart.
    layered_runtime: {
      layers: [{ name: 'istio', static_layer: { 're2.max_program_size.error_level': ENVOY_PROGRAM } }],
    },
    overload_manager: {
      resource_monitors: [
        { name: 'envoy.resource_monitors.global_downstream_max_connections', typed_config: connections },
      ],
    },
  };
}
