/** `npm run bench:server`: what the model server costs, beside servers written by hand for the same network; docs/server.md has its figures. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { markdownTable } from '../bench/page.ts';
import { exitCode } from '../core/exit.ts';
import { coldStart } from './bench-server/cold-start.ts';
import { compare, quantile } from './bench-server/compare.ts';
import { type Figures, goals } from './bench-server/goals.ts';
import { type Known, known } from './bench-server/known.ts';
import { pinClient } from './bench-server/process.ts';
import { workers } from './bench-server/workers.ts';
import { parseFlags, refuse, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:server -- [--peers node|python] [--seconds N] [--rounds N] [--json]

Asks the model server and its peers over HTTP: the same network (168 → 64 → 24) in each, the servers on one core and the client on another, 16
connections, one worker. The figure that counts is calls per second of the server's CPU, the median of all rounds, whose order changes. Figures that
are taken by the clock are of this machine with its load, which is printed. Ends with what the server is to reach, and whether it does.

  --peers P    node: servers written by hand (the default); python: also KServe, MLServer, BentoML and FastAPI, whose packages are
               fetched from PyPI the first time, by hash (1.5 GB; needs Python 3.11 on Linux, x86-64)
  --seconds N  how long each server is asked in a round (default 4)
  --rounds N   how often (default 5)
  --json       print the figures as JSON

Takes some minutes; Linux with two cores or more. Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

/** Stations that the server holds when it is asked by name. */
const FLEETS = [100, 1000, 10_000, 100_000];

const flags = parseFlags(usage, {
  peers: { type: 'string', default: 'node' },
  seconds: { type: 'string', default: '4' },
  rounds: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
});
const seconds = wholeNumber('--seconds', flags.seconds, 1, 600, usage);
const rounds = wholeNumber('--rounds', flags.rounds, 1, 100, usage);

if (flags.peers !== 'node' && flags.peers !== 'python')
  refuse(`--peers: "${flags.peers}" is neither node nor python`, usage);
const python = flags.peers === 'python';

const folder = await mkdtemp(join(os.tmpdir(), 'gridramp-bench-server-'));
try {
  await pinClient();
  const loads = [load()];
  const cold = {
    without_tensorflow: await coldStart(folder, 'simd'),
    with_tensorflow: await coldStart(folder, 'native'),
  };
  const compared = await compare(folder, { rounds, seconds, python });
  loads.push(load());
  const fleets: Known[] = [];
  for (const stations of FLEETS) {
    console.error(`${stations.toLocaleString('en')} stations whose histories the server holds …`);
    fleets.push(await known(folder, stations, seconds));
  }
  loads.push(load());
  const figures = { cold, compared, fleets, workers: await workers(folder, { rounds, seconds }) };
  const [machine, node, at] = [machineName(), process.version, new Date().toISOString()];
  if (flags.json) console.log(JSON.stringify({ machine, node, at, loads, ...figures, goals: goals(figures) }, null, 2));
  else
    print(
      figures,
      `${machine}, Node ${node}, ${at.slice(0, 10)}, load ${loads.map((one) => one.toFixed(1)).join(', ')}`,
    );
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = exitCode.ok;

/** Processes that want a core, over the last minute: those of others make what is taken by the clock worse. */
function load(): number {
  return os.loadavg()[0] ?? Number.NaN;
}

function print({ compared, fleets, ...others }: Figures, where: string): void {
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  console.log(
    markdownTable({
      title: `Histories in the request (${where})`,
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
        ...[known.first_per_cpu_s, known.forecasts_per_cpu_s, known.calls_per_s].map(whole),
        ...[known.half_load_p99_ms.toFixed(1), known.ready_s.toFixed(1), whole(known.peak_rss_mb)],
      ]),
    }),
  );
  console.log(
    markdownTable({
      title: 'Goals',
      head: ['what', 'goal', 'measured', 'met'],
      rows: goals({ compared, fleets, ...others }).map(({ goal, least, most, measured, met, busy }) => [
        goal,
        least === undefined ? `at most ${short(most)}` : `at least ${short(least)}`,
        measured === null ? 'not measured' : short(measured),
        `${met === null ? '' : met ? 'yes' : 'no'}${busy && met === false ? ', by the clock of a machine with the load above' : ''}`,
      ]),
    }),
  );
}

function short(value = Number.NaN): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
