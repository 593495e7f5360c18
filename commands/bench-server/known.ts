import { bodies, ISSUE_H, stationIds } from '../../bench/server/bodies.ts';
import { ask, pace } from '../../bench/server/client.ts';
import { HOURS, logServer } from '../../bench/server/log.ts';
import { CONNECTIONS, measure, quantile, warmUp } from './compare.ts';
import { ready, type Server, startServer } from './process.ts';

/** Calls that name stations whose histories the server holds. */
export type Known = {
  stations: number;
  stations_per_call: number;
  /** Of stations that are asked for the first time in an hour: forecasts that are made. */
  first_per_cpu_s: number;
  /** Of stations that have been asked for before: forecasts that are remembered. */
  forecasts_per_cpu_s: number;
  calls_per_s: number;
  /** At half of these calls a second. */
  half_load_p99_ms: number;
  ready_s: number;
  peak_rss_mb: number;
};

/** CPU time is counted in hundredths of a second. V8 has compiled what is hot in the warm-up's. */
const [FIRST_WARM_CPU_S, FIRST_CPU_S] = [2, 2];
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
    const first_per_cpu_s = await firstCalls(server, stations, per_call);
    await warmUp(server, { path: PATH, bodies: calls });
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

/** Forecasts per second of CPU time of stations that are asked for the first time in an hour: hours take turns, of which the server remembers two. */
async function firstCalls(server: Server, stations: number, per_call: number): Promise<number> {
  let calls = 0;
  const callsFor = async (cpu_s: number) => {
    const [from, before_s] = [calls, server.usage().cpu_s];
    for (; server.usage().cpu_s - before_s < cpu_s; calls++) {
      const place = calls * per_call;
      const issue_h = ISSUE_H - (Math.floor(place / stations) % HOURS);
      await ask({ url: server.url, path: PATH }, bodies.known(stationIds(place % stations, per_call), issue_h));
    }
    return ((calls - from) * per_call) / (server.usage().cpu_s - before_s);
  };
  await callsFor(FIRST_WARM_CPU_S);
  return callsFor(FIRST_CPU_S);
}
