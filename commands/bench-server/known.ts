import { bodies, stationIds } from '../../bench/server/bodies.ts';
import { ask, pace } from '../../bench/server/client.ts';
import { logServer } from '../../bench/server/log.ts';
import { CONNECTIONS, measure, quantile } from './compare.ts';
import { ready, startServer } from './process.ts';

/** Calls that name stations whose histories the server holds. */
export type Known = {
  stations: number;
  stations_per_call: number;
  /** Of stations that are asked for the first time in an hour; null where they are too few to be measured. */
  first_per_cpu_s: number | null;
  /** Of stations that have been asked for before. */
  forecasts_per_cpu_s: number;
  calls_per_s: number;
  /** At half of these calls a second. */
  half_load_p99_ms: number;
  ready_s: number;
  peak_rss_mb: number;
};

/** CPU time is counted in hundredths of a second. */
const LEAST_CPU_S = 0.2;
const PATH = '/v1/forecast';

export async function known(folder: string, stations: number, seconds: number): Promise<Known> {
  const log = await logServer(stations);
  const started_ms = performance.now();
  const server = await startServer('ours.ts', [folder, log.url]);
  try {
    await ready(server);
    const ready_s = (performance.now() - started_ms) / 1000;
    const per_call = Math.min(1000, stations);
    const calls = Array.from({ length: stations / per_call }, (_, i) =>
      bodies.known(stationIds(i * per_call, per_call)),
    );
    const load = { url: server.url, path: PATH, bodies: calls, connections: CONNECTIONS };
    const before_s = server.usage().cpu_s;
    for (const body of calls) await ask(load, body);
    const cpu_s = server.usage().cpu_s - before_s;
    const first_per_cpu_s = cpu_s < LEAST_CPU_S ? null : stations / cpu_s;
    const { calls_per_cpu_s, calls_per_s } = await measure(server, { path: PATH, bodies: calls, seconds });
    const half = await pace({ ...load, seconds }, calls_per_s / 2);
    return {
      ...{ stations, stations_per_call: per_call, first_per_cpu_s, calls_per_s, ready_s },
      forecasts_per_cpu_s: calls_per_cpu_s * per_call,
      half_load_p99_ms: quantile(half.latency_ms, 0.99),
      peak_rss_mb: server.usage().peak_rss_mb,
    };
  } finally {
    await server.stop();
    log.close();
  }
}
