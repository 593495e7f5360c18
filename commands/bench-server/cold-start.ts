import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { registryPath } from '../../core/registry.ts';
import { type BackendName, canonicalJson, releaseDigest } from '../../core/release.ts';
import { STANDS_ALONE, serverEnv } from '../../core/workload.ts';
import { randomNetwork } from '../../model-server/random-network.ts';
import { quantile } from './compare.ts';
import { ready, startServer } from './process.ts';

/** From nothing to ready, and the memory then. */
export type ColdStart = { ready_s: number; rss_mb: number };

const STARTS = 5;

/** The model server itself, as a pod runs it, with a dense network on one backend; medians of some starts. */
export async function coldStart(registry: string, backend: BackendName): Promise<ColdStart> {
  const model = await randomNetwork(registry);
  const release = { image: 'i@sha256:0', model, flags: {}, server: { backends: [backend] } };
  const digest = releaseDigest(release);
  const file = join(registry, registryPath.release(digest));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, canonicalJson(release));
  const env = {
    ...{ [serverEnv.host]: '127.0.0.1', [serverEnv.port]: '0', [serverEnv.scorer_url]: STANDS_ALONE },
    ...{ [serverEnv.pod_name]: 'pod', [serverEnv.pod_hash]: 'hash', [serverEnv.arm]: 'control' },
    ...{ [serverEnv.registry]: registry, [serverEnv.release]: digest },
  };
  const starts: ColdStart[] = [];
  for (let i = 0; i < STARTS; i++) starts.push(await start(env, backend));
  const median = (values: number[]) => quantile(values, 0.5);
  return {
    ready_s: median(starts.map(({ ready_s }) => ready_s)),
    rss_mb: median(starts.map(({ rss_mb }) => rss_mb)),
  };
}

async function start(env: Record<string, string>, backend: BackendName): Promise<ColdStart> {
  const started_ms = performance.now();
  const server = await startServer('../../model-server/main.ts', [], { env });
  try {
    await ready(server);
    const ready_s = (performance.now() - started_ms) / 1000;
    const standing = await fetch(`${server.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { backend: by }: { backend: { answers: string } } = JSON.parse(await standing.text());
    if (by.answers !== backend)
      throw new Error(
        `${by.answers} answers where ${backend} was to be measured; \`npm run bench:server\` sets both up`,
      );
    return { ready_s, rss_mb: server.usage().rss_mb };
  } finally {
    await server.stop();
  }
}
