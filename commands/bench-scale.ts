/** `npm run bench:scale`: what ten million stations would take, simulated from what this machine measures; docs/scale.md explains it. */
import os from 'node:os';
import pg from 'pg';
import { markdownTable } from '../bench/page.ts';
import type { Cost } from '../bench/scorer/cost.ts';
import { FLEET, planShards } from '../bench/scorer/fleet.ts';
import { mergeError } from '../bench/scorer/shard-sums.ts';
import { exitCode } from '../core/exit.ts';
import { PostgresServer } from '../scorer/postgres-server.ts';
import { measure } from './bench-scorer/measure.ts';
import { parseFlags } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:scale -- [--json]

Measures the scorer on two fleets, and a real PostgreSQL on an hour's keys of served forecasts, and simulates ${FLEET.toLocaleString('en')} stations from them: shards, their
memory and disk, how long an hour takes to settle, and how exactly the shards' sums merge. Takes some minutes and 4 GB.

Exit codes: 0 measured, 2 wrong usage, 1 anything else.`;

const [SMALL, LARGE] = [10_000, 50_000];
const HOURS = 6;
const SHARDS = [32, 64, 128, 256];
/** Keys of served forecasts of one hour and the hours kept, in one shard of 128. */
const KEYS = 78_125;
const KEPT_HOURS = 12;

const flags = parseFlags(usage, { json: { type: 'boolean', default: false } });
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const small = await told(SMALL);
const large = await told(LARGE);
console.error(`${FLEET.toLocaleString('en')} stations in shards …`);
const shards = SHARDS.map((count) => planShards(count, small, large));
const merge_error = mergeError(LARGE, 128, 48);
console.error('PostgreSQL forgets an hour …');
const forgetting = await forget();
const load = os.loadavg()[0] ?? Number.NaN;
const result = { machine: machineName(), load, measured: [small, large], shards, merge_error, forgetting };
if (flags.json) console.log(JSON.stringify(result, null, 2));
else print();
process.exitCode = exitCode.ok;

async function told(stations: number): Promise<Cost> {
  console.error(`${stations.toLocaleString('en')} stations, measured …`);
  return await measure(stations, HOURS, { form: 'columns', signal: stop.signal, onHour: () => {} });
}

function print(): void {
  printMeasured();
  const rows = shards.map((plan) => [
    String(plan.shards),
    plan.imbalance.toFixed(3),
    plan.shard_gb.toFixed(1),
    plan.shard_disk_gb.toFixed(1),
    plan.settle_s_p50.toFixed(1),
    plan.settle_s_p99.toFixed(1),
  ]);
  const head = ['shards', 'largest over mean', 'memory, GB', 'disk, GB', 'hour settled, s (median)', 's (p99)'];
  console.log(markdownTable({ title: `${FLEET.toLocaleString('en')} stations`, head, rows }));
  console.log(
    `Sums of 128 shards differ from one scorer's by at most ${merge_error.toExponential(1)} of their size.\n`,
  );
  const { rows: keys, delete_ms, drop_ms, insert_per_s } = forgetting;
  console.log(
    `PostgreSQL, ${keys.toLocaleString('en')} keys an hour: ${Math.round(insert_per_s).toLocaleString('en')} inserted a second; an hour forgotten by DELETE in ${delete_ms.toFixed(0)} ms, by dropping its partition in ${drop_ms.toFixed(0)} ms.`,
  );
}

function printMeasured(): void {
  const rows = [small, large].map(({ stations, records, wall_s, peak_rss_mb, disk_mb }) => [
    stations.toLocaleString('en'),
    Math.round(records / wall_s).toLocaleString('en'),
    (peak_rss_mb / 1000).toFixed(1),
    (disk_mb / 1000).toFixed(1),
  ]);
  const head = ['stations', 'records/s', 'memory, GB', 'disk, GB'];
  console.log(markdownTable({ title: `${machineName()}, load ${load.toFixed(1)} at the end`, head, rows }));
}

/** How long an hour's keys take to go, from one table and from a table with a partition for each hour. */
async function forget() {
  const server = new PostgresServer();
  await server.start();
  const client = new pg.Client({ connectionString: await server.createDatabase() });
  try {
    await client.connect();
    await client.query('CREATE TABLE plain (issue_h integer NOT NULL, key text NOT NULL, PRIMARY KEY (issue_h, key))');
    await client.query(
      'CREATE TABLE parted (issue_h integer NOT NULL, key text NOT NULL, PRIMARY KEY (issue_h, key)) PARTITION BY LIST (issue_h)',
    );
    const started_ms = performance.now();
    for (let h = 0; h < KEPT_HOURS; h++) await client.query(fill('plain', h));
    const insert_per_s = (1000 * KEYS * KEPT_HOURS) / (performance.now() - started_ms);
    for (let h = 0; h < KEPT_HOURS; h++) {
      await client.query(`CREATE TABLE parted_${h} PARTITION OF parted FOR VALUES IN (${h})`);
      await client.query(fill('parted', h));
    }
    const delete_ms = await timed(() => client.query('DELETE FROM plain WHERE issue_h = 0'));
    const drop_ms = await timed(() => client.query('DROP TABLE parted_0'));
    return { rows: KEYS, insert_per_s, delete_ms, drop_ms };
  } finally {
    await client.end();
    await server.stop();
  }
}

function fill(table: string, hour: number): string {
  return `INSERT INTO ${table} SELECT ${hour}, 'sha256:' || repeat('c', 64) || ' candidate served station-' || s FROM generate_series(1, ${KEYS}) s`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started_ms = performance.now();
  await work();
  return performance.now() - started_ms;
}
