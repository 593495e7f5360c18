/** `npm run bench:server`: what the model server costs, beside servers written by hand for the same network; docs/server.md has its figures. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { markdownTable } from '../bench/page.ts';
import { exitCode } from '../core/exit.ts';
import { type Compared, compare, quantile } from './bench-server/compare.ts';
import { type Known, known } from './bench-server/known.ts';
import { pinClient, ready, startServer } from './bench-server/process.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:server -- [--seconds N] [--rounds N] [--json]

Asks the model server and its peers over HTTP: the same network (168 → 64 → 24) in each, the servers on one core and the client on another, 16
connections, one worker. The figure that counts is calls per second of the server's CPU, the median of all rounds, whose order changes.

  --seconds N  how long each server is asked in a round (default 4)
  --rounds N   how often (default 5)
  --json       print the figures as JSON

Takes some minutes; Linux with two cores or more. Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

/** Stations that the server holds when it is asked by name. */
const FLEETS = [100, 1000, 10_000, 100_000];
const STARTS = 5;

const flags = parseFlags(usage, {
  seconds: { type: 'string', default: '4' },
  rounds: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
});
const seconds = wholeNumber('--seconds', flags.seconds, 1, 600, usage);
const rounds = wholeNumber('--rounds', flags.rounds, 1, 100, usage);

const folder = await mkdtemp(join(os.tmpdir(), 'gridramp-bench-server-'));
try {
  await pinClient();
  const starts = [];
  for (let i = 0; i < STARTS; i++) starts.push(await start());
  const compared = await compare(folder, { rounds, seconds });
  const fleets: Known[] = [];
  for (const stations of FLEETS) {
    console.error(`${stations.toLocaleString('en')} stations whose histories the server holds …`);
    fleets.push(await known(folder, stations, seconds));
  }
  const load = os.loadavg()[0] ?? Number.NaN;
  const ready_s = quantile(
    starts.map(({ ready_s }) => ready_s),
    0.5,
  );
  const rss_mb = quantile(
    starts.map(({ rss_mb }) => rss_mb),
    0.5,
  );
  if (flags.json)
    console.log(
      JSON.stringify(
        { machine: machineName(), node: process.version, load, ready_s, rss_mb, compared, fleets },
        null,
        2,
      ),
    );
  else print({ load, ready_s, rss_mb, compared, fleets });
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = exitCode.ok;

/** From nothing to ready, without TensorFlow, and the memory then. */
async function start() {
  const started_ms = performance.now();
  const server = await startServer('ours.ts', [folder]);
  await ready(server);
  const ready_s = (performance.now() - started_ms) / 1000;
  const rss_mb = server.peak_rss_mb();
  await server.stop();
  return { ready_s, rss_mb };
}

type Figures = {
  load: number;
  ready_s: number;
  rss_mb: number;
  compared: readonly Compared[];
  fleets: readonly Known[];
};

function print({ load, ready_s, rss_mb, compared, fleets }: Figures): void {
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  console.log(
    markdownTable({
      title: `Histories in the request; ${machineName()}, Node ${process.version}, load ${load.toFixed(1)} at the end`,
      head: ['server', 'stations a call', 'calls per CPU-second', 'forecasts per CPU-second', 'calls/s', 'p99, ms'],
      rows: compared.map(({ name, stations, calls_per_cpu_s, calls_per_s, p99_ms }) => {
        const median = quantile(calls_per_cpu_s, 0.5);
        const figures = [stations, median, median * stations, quantile(calls_per_s, 0.5)].map(whole);
        return [name, ...figures, quantile(p99_ms, 0.5).toFixed(1)];
      }),
    }),
  );
  console.log(
    markdownTable({
      title: 'Histories in the server',
      head: [
        ...['stations held', 'stations a call', 'forecasts per CPU-second, first of the hour', 'again'],
        ...['calls/s', 'p99 at half load, ms', 'ready, s', 'peak memory, MB'],
      ],
      rows: fleets.map((known) => [
        ...[known.stations, known.stations_per_call].map(whole),
        known.first_per_cpu_s === null ? '' : whole(known.first_per_cpu_s),
        whole(known.forecasts_per_cpu_s),
        ...[
          whole(known.calls_per_s),
          known.half_load_p99_ms.toFixed(1),
          known.ready_s.toFixed(1),
          whole(known.peak_rss_mb),
        ],
      ]),
    }),
  );
  console.log(`Ready ${ready_s.toFixed(2)} s after its start, with ${whole(rss_mb)} MB of memory, without TensorFlow.`);
}
