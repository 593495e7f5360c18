import os from 'node:os';
import { bodies, weeks } from '../../bench/server/bodies.ts';
import { flood } from '../../bench/server/client.ts';
import { CONNECTIONS, quantile, warmUp } from './compare.ts';
import { CLIENT_CORE, ready, SERVER_CORE, type Server, startServer } from './process.ts';

/** What two workers do beside what one does, with single histories in the request: medians of the rounds. */
export type Workers = {
  /** Calls per second of CPU time, of two over those of one. */
  per_cpu_s: number;
  /** Calls a second, likewise; null where the client has no core of its own beside two workers. */
  speedup: number | null;
};

const SENT = { path: '/v1/forecast', bodies: [0, 1, 2, 3].map((seed) => bodies.ours(weeks(1, seed))) };

/** One worker and two, each on a core, asked as fast as they answer, in turn. */
export async function workers(
  folder: string,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Workers> {
  const apart = os.availableParallelism() > 2;
  const cores = [SERVER_CORE, apart ? '2' : CLIENT_CORE];
  const servers: Server[] = [];
  try {
    for (const core of cores) servers.push(await startServer('ours.ts', [folder], { core }));
    for (const server of servers) await ready(server);
    for (const server of servers) await warmUp(server, SENT);
    const ratios: { per_cpu_s: number; per_s: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const one = await load(servers.slice(0, 1), seconds);
      const two = await load(servers, seconds);
      ratios.push({ per_cpu_s: two.per_cpu_s / one.per_cpu_s, per_s: two.per_s / one.per_s });
    }
    const median = (of: (typeof ratios)[number][], key: 'per_cpu_s' | 'per_s') =>
      quantile(
        of.map((each) => each[key]),
        0.5,
      );
    return { per_cpu_s: median(ratios, 'per_cpu_s'), speedup: apart ? median(ratios, 'per_s') : null };
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function load(servers: readonly Server[], seconds: number): Promise<{ per_cpu_s: number; per_s: number }> {
  const used_s = () => servers.reduce((sum, server) => sum + server.usage().cpu_s, 0);
  const before_s = used_s();
  const asked = { ...SENT, connections: CONNECTIONS, seconds };
  const answers = await Promise.all(servers.map(({ url }) => flood({ ...asked, url })));
  const cpu_s = used_s() - before_s;
  return {
    per_cpu_s: answers.reduce((sum, { calls }) => sum + calls, 0) / cpu_s,
    per_s: answers.reduce((sum, { calls, wall_s }) => sum + calls / wall_s, 0),
  };
}
