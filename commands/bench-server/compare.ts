import { bodies, weeks } from '../../bench/server/bodies.ts';
import { ask, flood, type Load } from '../../bench/server/client.ts';
import { ready, type Server, startServer } from './process.ts';
import { type Contender, startPythonPeers } from './python-peers.ts';

export const CONNECTIONS = 16;
/** V8 has compiled what is hot after so much CPU time; on a busy machine a server is given up on getting it after so long. */
const [WARM_CPU_S, MOST_WARM_S] = [4, 20];
/** Bodies that take turns. */
const TURNS = 8;

export const OURS = 'gridramp';
const nodePeers = [
  ['fastify, hand-written', 'fastify'],
  ['bare node:http, hand-written', 'bare'],
] as const;

/** Of one server at calls of so many stations; a figure for each round. */
export type Compared = {
  name: string;
  stations: number;
  calls_per_cpu_s: number[];
  calls_per_s: number[];
  p99_ms: number[];
};

type Comparison = { rounds: number; seconds: number; python: boolean };

/** Ours and its peers with the same network and the same histories in the request, in changing order. */
export async function compare(folder: string, { python, ...asked }: Comparison): Promise<Compared[]> {
  const contenders: Contender[] = [];
  try {
    const ours = await startServer('ours.ts', [folder]);
    contenders.push({ name: OURS, server: ours, path: '/v1/forecast', body: bodies.ours });
    await ready(ours);
    for (const [name, kind] of nodePeers) {
      const server = await startServer('../../bench/server/peers.ts', [kind]);
      contenders.push({ name, server, path: '/predict', body: bodies.peers });
    }
    if (python) await startPythonPeers(folder, contenders);
    await checkAlike(contenders);
    const singles = await measured(contenders, 1, asked);
    return [...singles, ...(await measured(contenders, 100, asked))];
  } finally {
    for (const { server } of contenders) await server.stop();
  }
}

async function measured(
  contenders: readonly Contender[],
  stations: number,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Compared[]> {
  const results = contenders.map(
    ({ name }): Compared => ({ name, stations, calls_per_cpu_s: [], calls_per_s: [], p99_ms: [] }),
  );
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const which = (round + turn) % contenders.length;
      const contender = contenders[which];
      if (contender === undefined) continue;
      const { server, path, body } = contender;
      const sent = Array.from({ length: TURNS }, (_, i) => body(weeks(stations, i)));
      if (round === 0) await warmUp(server, { path, bodies: sent });
      const figures = await measure(server, { path, bodies: sent, seconds });
      console.error(
        `${contender.name}, ${stations} stations a call, round ${round + 1}: ${figures.calls_per_cpu_s.toFixed(0)} calls per CPU-second`,
      );
      results[which]?.calls_per_cpu_s.push(figures.calls_per_cpu_s);
      results[which]?.calls_per_s.push(figures.calls_per_s);
      results[which]?.p99_ms.push(figures.p99_ms);
    }
  return results;
}

export async function warmUp(server: Server, load: Pick<Load, 'path' | 'bodies'>): Promise<void> {
  const from_s = server.usage().cpu_s;
  for (let waited_s = 0; waited_s < MOST_WARM_S && server.usage().cpu_s - from_s < WARM_CPU_S; waited_s++)
    await flood({ ...load, url: server.url, connections: CONNECTIONS, seconds: 1 });
}

/** What a server does when it is asked as fast as it answers. */
export async function measure(server: Server, load: Pick<Load, 'path' | 'bodies' | 'seconds'>) {
  const whole = { ...load, url: server.url, connections: CONNECTIONS };
  const before_s = server.usage().cpu_s;
  const { calls, wall_s, latency_ms } = await flood(whole);
  const cpu_s = server.usage().cpu_s - before_s;
  return { calls_per_cpu_s: calls / cpu_s, calls_per_s: calls / wall_s, p99_ms: quantile(latency_ms, 0.99) };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** All contenders forecast the same, or the comparison is of nothing. Ours rounds to a tenth of a watt. */
async function checkAlike(contenders: readonly Contender[]): Promise<void> {
  const inputs = weeks(3, 99);
  const answers = await Promise.all(
    contenders.map(async ({ server, path, body }) => valuesOf(await ask({ url: server.url, path }, body(inputs)))),
  );
  for (const [i, answer] of answers.entries())
    for (const [at, value] of (answers[0] ?? []).entries())
      if (!(Math.abs((answer[at] ?? Number.NaN) - value) <= 1e-4 * Math.max(1, Math.abs(value))))
        throw new Error(
          `${contenders[i]?.name} forecasts ${answer[at]} where ${contenders[0]?.name} forecasts ${value}`,
        );
}

/** In whichever of the protocols. */
function valuesOf(answer: unknown): number[] {
  if (Array.isArray(answer)) return answer.flat();
  const { records, predictions, outputs } = answer as {
    records?: { values_kw: number[] }[];
    predictions?: number[][];
    outputs?: number[][] | [{ data: number[] }];
  };
  const rows = predictions ?? outputs ?? records?.map(({ values_kw }) => values_kw) ?? [];
  return rows.flatMap((row) => ('data' in row ? row.data : row));
}
