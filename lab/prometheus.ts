import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { stringify } from 'yaml';
import { POD_HASH_LABEL, PORT } from '../core/workload.ts';
import { type Site, stage } from './control-plane.ts';
import { PROCESS_ADDRESS } from './pod-address.ts';
import type { ProcessDescription } from './process.ts';

const NAME = 'prometheus';
const LISTEN_PORT = 9090;

export const prometheusPorts: readonly number[] = [LISTEN_PORT];

export const prometheusUrl = (host: string): string => `http://${host}:${LISTEN_PORT}`;

const configFile = (dir: string): string => join(dir, 'prometheus.yml');

/** The label under which Prometheus finds a pod's label. */
const meta = (name: string): string => `__meta_kubernetes_pod_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`;

/** What to scrape: every running pod that asks for it; one that is a process under the loopback address that it really has. */
export function prometheusConfig(kubeconfig: string): string {
  return stringify({
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '1s' },
    scrape_configs: [
      {
        job_name: 'pods',
        // The scorer says itself whose pair metrics it exports: its own pod_hash label wins.
        honor_labels: true,
        kubernetes_sd_configs: [{ role: 'pod', kubeconfig_file: kubeconfig }],
        relabel_configs: [
          { action: 'keep', source_labels: [meta('annotation_prometheus.io/scrape')], regex: 'true' },
          { action: 'keep', source_labels: [meta('phase')], regex: 'Running' },
          {
            source_labels: [meta('ip')],
            regex: PROCESS_ADDRESS,
            target_label: '__address__',
            replacement: `127.$1:${PORT}`,
          },
          {
            source_labels: [meta('ip'), meta('annotation_prometheus.io/port')],
            regex: `${PROCESS_ADDRESS};(\\d+)`,
            target_label: '__address__',
            replacement: '127.$1:$2',
          },
          { source_labels: [meta('name')], target_label: 'pod' },
          { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
          { source_labels: [meta(`label_${POD_HASH_LABEL}`)], target_label: 'pod_hash' },
        ],
      },
    ],
  });
}

/** Prometheus that has lost its targets: what it knew turns stale at once. */
export function targetlessConfig(): string {
  return stringify({ global: { scrape_interval: '500ms', evaluation_interval: '1s' } });
}

export async function writePrometheusConfig(dir: string, config: string): Promise<void> {
  await writeFile(configFile(dir), config, { mode: 0o600 });
}

/** Scenario no-data: Prometheus goes on without anything to scrape. */
export async function loseTargets({ dir, host }: Pick<Site, 'dir' | 'host'>): Promise<void> {
  await writePrometheusConfig(dir, targetlessConfig());
  const answer = await request(`${prometheusUrl(host)}/-/reload`, { method: 'POST', headersTimeout: 10_000 });
  const body = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`Prometheus refused its new configuration: ${body.slice(0, 500)}`);
}

export function describePrometheus({ bin, dir, host }: Site): ProcessDescription {
  return {
    name: NAME,
    command: join(bin, NAME),
    args: [
      `--config.file=${configFile(dir)}`,
      `--storage.tsdb.path=${join(dir, 'tsdb')}`,
      '--storage.tsdb.retention.time=1d',
      `--web.listen-address=${host}:${LISTEN_PORT}`,
      '--web.enable-lifecycle',
      // A target that is gone must not look alive for the default five minutes.
      '--query.lookback-delta=3s',
      // A canary's pods are scraped at once, not after the default five seconds.
      '--scrape.discovery-reload-interval=200ms',
      '--log.level=warn',
    ],
    links: [stage.roles, stage.access],
    ready: { kind: 'http', url: `${prometheusUrl(host)}/-/ready` },
  };
}
