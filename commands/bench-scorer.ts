/** `npm run bench:scorer`: forecast records joined a second, and what a record costs as the fleet and the history grow. */
import os from 'node:os';
import { markdownTable } from '../bench/page.ts';
import type { Cost } from '../bench/scorer/cost.ts';
import { exitCode } from '../core/exit.ts';
import { measure } from './bench-scorer/measure.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:scorer -- [--stations N[,N…]] [--json-answers] [--json]

Runs the scorer itself, with SQLite, on fleets of several sizes: both versions are asked over HTTP, every answer is parsed, paired, stored and
joined with its truth. A record is one forecast of 24 hours by one version. The answering side runs in a process of its own, and so does
who sends the readings. The last row is the smallest fleet over a longer history: memory and disk must not follow.

  --stations N,N  sizes of the fleet, each from 10 to 200000 (default 100,1000,10000,100000; the last takes 4 GB)
  --json-answers  the answering side knows only JSON, as a model server that is not ours may
  --json          print the figures as JSON

Takes some minutes. Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

/** About so many records are measured for each size, but at least and at most so many hours: an hour costs something by itself. */
const RECORDS = 1_000_000;
const [MIN_HOURS, MAX_HOURS] = [6, 1000];
/** The same fleet over a history so many times as long. */
const LONGER = 4;

const flags = parseFlags(usage, {
  stations: { type: 'string', default: '100,1000,10000,100000' },
  'json-answers': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
});
const sizes = flags.stations.split(',').map((size) => wholeNumber('--stations', size, 10, 200_000, usage));
const form = flags['json-answers'] ? 'json' : 'columns';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const costs: Cost[] = [];
for (const size of sizes) costs.push(await told(size, hoursOf(size)));
const smallest = Math.min(...sizes);
costs.push(await told(smallest, LONGER * hoursOf(smallest)));
const load = os.loadavg()[0] ?? Number.NaN;
if (flags.json)
  console.log(JSON.stringify({ machine: machineName(), node: process.version, load, form, costs }, null, 2));
else print();
process.exitCode = exitCode.ok;

function hoursOf(stations: number): number {
  return Math.min(MAX_HOURS, Math.max(MIN_HOURS, Math.ceil(RECORDS / 2 / stations)));
}

async function told(stations: number, hours: number): Promise<Cost> {
  const what = `${stations.toLocaleString('en')} stations`;
  let shown = 0;
  const onHour = (done: number, of: number) => {
    const tenths = Math.floor((10 * done) / of);
    if (tenths > shown) console.error(`${what}: ${done} of ${of} hours`);
    shown = tenths;
  };
  return await measure(stations, hours, { form, signal: stop.signal, onHour });
}

function print(): void {
  const rows = costs.map(({ stations, hours, records, wall_s, cpu_s, peak_rss_mb, disk_mb }) => {
    const figures = [stations, hours, records / wall_s, records / cpu_s].map((n) => Math.round(n).toLocaleString('en'));
    return [...figures, ((1e6 * cpu_s) / records).toFixed(1), peak_rss_mb.toFixed(0), disk_mb.toFixed(0)];
  });
  const head = ['stations', 'hours', 'records/s', 'records per CPU-second', 'µs CPU per record'];
  const title = `${machineName()}, Node ${process.version}, answers in ${form}, load ${load.toFixed(1)} at the end`;
  console.log(markdownTable({ title, head: [...head, 'peak memory, MB', 'disk, MB'], rows }));
}
