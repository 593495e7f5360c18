import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, type Release, releaseDigest } from '../../core/release.ts';
import { HISTORY_HOURS, isoOfHour, type LogEntryInput, type Telemetry } from '../../core/telemetry.ts';
import { writeArtefact } from '../../model-server/artefact.ts';
import { controlArtefact } from '../../model-server/control.ts';
import { openModel, openRelease } from '../../model-server/models.ts';
import type { Predictor } from '../../model-server/predictor.ts';
import { recompute } from '../../model-server/recompute.ts';
import { type Running, serve } from '../../model-server/serve.ts';
import { ScorerProcess } from '../../scorer/scorer-process.ts';
import { type Ailing, ailing } from './faults.ts';

/** Pods of the candidate. */
export const PODS = 3;

export type Service = {
  scorer: ScorerProcess;
  /** Base URLs of the candidate's pods. */
  pods: string[];
  now: Ailing;
  stop: () => Promise<void>;
};

const log = pino({ level: 'silent' });

/** A scorer process with the model server's own code around it: one stable pod, three of the candidate, and a recomputer. */
export async function startService(telemetry: Telemetry): Promise<Service> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gridramp-parity-'));
  const registry = path.join(folder, 'registry');
  const of = { kind: 'seasonal', lag_h: 24 } as const;
  const stable = await publish(registry, await controlArtefact(registry));
  const model = await writeArtefact(registry, { kind: 'scaled', factor: 0.97, of }, new Map());
  const candidate = await publish(registry, model);
  const wrong = await openModel(
    registry,
    await writeArtefact(registry, { kind: 'scaled', factor: 0.98, of }, new Map()),
  );
  const now: Ailing = { fault: null, history_kw: (station_id, issue_h) => readings(telemetry, station_id, issue_h) };
  // The servers follow the scorer and the scorer asks the servers, so that one side's ports are chosen beforehand.
  const [stable_port = 0, ...pod_ports] = await freePorts(1 + PODS);
  const host = '127.0.0.1';
  const recomputer = await recompute({ host, port: 0, registry }, openRelease, log);
  const scorer = new ScorerProcess({
    services: {
      stable: `http://${host}:${stable_port}`,
      canary: `http://${host}:${pod_ports[0]}`,
      recompute: recomputer.url,
    },
    data: path.join(folder, 'data'),
    registry,
  });
  await scorer.start();
  const common = { host, registry, arm: 'candidate', scorer_url: scorer.url };
  const stable_pod = { ...common, port: stable_port, release: stable, pod_hash: 'stable', pod_name: 'stable-0' };
  const running: Running[] = [recomputer, await serve(stable_pod, openRelease, log)];
  for (const [pod, port] of pod_ports.entries()) {
    const config = { ...common, port, release: candidate, pod_hash: 'canary', pod_name: `canary-${pod}` };
    const change = (honest: Predictor) => ailing(pod, honest, wrong, now);
    const open: typeof openRelease = (of, digest, options) => openRelease(of, digest, { ...options, change });
    running.push(await serve(config, open, log));
  }
  return {
    scorer,
    pods: running.slice(2).map(({ url }) => url),
    now,
    async stop() {
      await scorer.end('SIGTERM');
      await Promise.all(running.map((server) => server.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function publish(registry: string, model: string): Promise<string> {
  const release: Release = { image: 'gridramp/model-server@bench', model, flags: {}, server: {} };
  const digest = releaseDigest(release);
  const file = path.join(registry, registryPath.release(digest));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, canonicalJson(release));
  return digest;
}

function readings({ stations, values_kw, start_h }: Telemetry, station_id: string, issue_h: number): Float64Array {
  const values = values_kw[stations.findIndex((station) => station.station_id === station_id)];
  const end = issue_h - start_h + 1;
  return values?.slice(end - HISTORY_HOURS, end) ?? new Float64Array(HISTORY_HOURS).fill(Number.NaN);
}

/** What becomes known at hour `h`: that hour, and at first a fortnight before it. */
export function entryOf({ stations, values_kw, start_h }: Telemetry, h: number, hours = 1): LogEntryInput {
  const observations = Array.from({ length: hours }, (_, i) => h - hours + 1 + i).flatMap((target_h) =>
    stations.map(({ station_id }, s) => ({
      station_id,
      target_time: isoOfHour(target_h),
      value_kw: values_kw[s]?.[target_h - start_h] ?? null,
    })),
  );
  return { available_at: isoOfHour(h), observations };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
