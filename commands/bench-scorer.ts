/** `npm run bench:scorer`: forecast records joined a second, and what a record costs as the fleet and the history grow. */
import os from 'node:os';
import { type Cost, measure } from '../bench/scorer/measure.ts';
import { exitCode } from '../core/exit.ts';
import { parseFlags, refuse } from './flags.ts';

const usage = `npm run bench:scorer -- [--stations N[,N…]] [--json]

Runs the scorer itself, with SQLite, on fleets of several sizes: both versions are asked over HTTP, every answer is parsed, paired, stored and
joined with its truth. A record is one forecast of 24 hours by one version. The answering side runs in a process of its own.

  --stations N,N  sizes of the fleet, each from 10 to 200000 (default 100,1000,10000,100000; the last takes 4 GB and some minutes)
  --json          print the figures as JSON

Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

/** About so many records are measured for each size, but at least MIN_HOURS hours. */
const RECORDS = 400_000;
const MIN_HOURS = 6;
/** The same fleet over a history so many times as long: memory and disk must not follow. */
const LONGER = 4;

const flags = parseFlags(usage, {
  stations: { type: 'string', default: '100,1000,10000,100000' },
  json: { type: 'boolean', default: false },
});
const sizes = flags.stations.split(',').map(Number);
for (const [i, size] of sizes.entries())
  if (!(Number.isInteger(size) && size >= 10 && size <= 200_000))
    refuse(`--stations: "${flags.stations.split(',')[i]}" is not a whole number from 10 to 200000; give one`, usage);

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const fleets = await measured(sizes);
const [smallest = 10] = sizes;
const longer = await told(smallest, LONGER * hoursOf(smallest));
if (flags.json) console.log(JSON.stringify({ machine: machine(), fleets, longer }, null, 2));
else print([...fleets, longer]);
process.exitCode = exitCode.ok;

async function measured(sizes: readonly number[]): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const size of sizes) costs.push(await told(size, hoursOf(size)));
  return costs;
}

function hoursOf(stations: number): number {
  return Math.max(MIN_HOURS, Math.ceil(RECORDS / 2 / stations));
}

async function told(stations: number, hours: number): Promise<Cost> {
  console.error(`${stations} stations, ${hours} hours …`);
  return await measure(stations, hours, stop.signal);
}

function print(costs: readonly Cost[]): void {
  console.log(`${machine()}\n`);
  console.log(
    '| stations | hours | records/s | records per CPU-second | µs CPU per record | peak memory, MB | disk, MB |',
  );
  console.log('| --: | --: | --: | --: | --: | --: | --: |');
  for (const { stations, hours, records, wall_s, cpu_s, peak_rss_mb, disk_mb } of costs) {
    const figures = [stations, hours, records / wall_s, records / cpu_s];
    const cells = [...figures.map((n) => Math.round(n).toLocaleString('en')), ((1e6 * cpu_s) / records).toFixed(1)];
    console.log(`| ${[...cells, Math.round(peak_rss_mb), Math.round(disk_mb)].join(' | ')} |`);
  }
}

function machine(): string {
  return `${os.availableParallelism()} cores of ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${os.loadavg()[0]?.toFixed(1)} at the end`;
}
