import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cost } from '../../bench/scorer/cost.ts';
import { CANDIDATE, FIRST_H, STABLE, World } from '../../bench/scorer/world.ts';
import type { Backtest } from '../../core/judge/backtest.ts';
import { metrics } from '../../core/metrics.ts';
import { registryPath } from '../../core/registry.ts';
import { ScorerProcess } from '../../scorer/scorer-process.ts';
import { backtest } from '../../scorer/stand-in-world.ts';
import { usageOf } from '../process-usage.ts';
import { startServices } from './services.ts';

/** Hours until the first target hour closes: 24 leads, and the truth's delay. From then on every hour joins one. */
const WARM_HOURS = 32;
/** Hours told ahead of those that are settled, so that the scorer never waits for this program. */
const MOST_BEHIND = 4;
/** How often the scorer is asked how far it is: its own metrics cost it time, so only now and then in an hour. */
const [LEAST_POLL_MS, POLLS_PER_HOUR] = [20, 6];

type Options = {
  /** How the answering side answers: as our model server does, or as a server that knows only JSON. */
  form: 'columns' | 'json';
  signal: AbortSignal;
  /** Told of every hour that was handed over, of those that there will be. */
  onHour: (done: number, of: number) => void;
};

type Range = { from_h: number; hours: number };

/** Runs a scorer on `hours` hours of `stations` stations, after those that fill its horizon. */
export async function measure(stations: number, hours: number, { form, signal, onHour }: Options): Promise<Cost> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gridramp-bench-'));
  const world = new World(stations, WARM_HOURS + hours);
  const services = await startServices(stations, WARM_HOURS + hours, form);
  const data = path.join(folder, 'data');
  const scorer = new ScorerProcess({ services: services.url, data, registry: folder });
  try {
    await writeBacktest(folder, world);
    await scorer.start();
    const tell = (h: number) => {
      signal.throwIfAborted();
      onHour(h - FIRST_H, WARM_HOURS + hours);
      return post(scorer, world.entries(h));
    };
    await follow(tell, scorer, { from_h: FIRST_H, hours: WARM_HOURS });
    const [before, started_ms] = [usageOf(scorer.pid), performance.now()];
    await follow(tell, scorer, { from_h: FIRST_H + WARM_HOURS, hours });
    const [after, wall_s] = [usageOf(scorer.pid), (performance.now() - started_ms) / 1000];
    await checkJudged(scorer.url, hours);
    return {
      ...{ stations, hours, records: 2 * stations * hours, wall_s },
      cpu_s: after.cpu_s - before.cpu_s,
      peak_rss_mb: after.peak_rss_mb,
      disk_mb: await folderMb(data),
    };
  } finally {
    await scorer.end('SIGTERM');
    await services.stop();
    await rm(folder, { recursive: true });
  }
}

/** Hands hour after hour over, and returns when the last is settled. */
async function follow(tell: (h: number) => Promise<number>, scorer: ScorerProcess, range: Range): Promise<void> {
  const started_ms = performance.now();
  for (let done = 1; done <= range.hours; done++) {
    let behind = await tell(range.from_h + done - 1);
    const most = done === range.hours ? 0 : MOST_BEHIND;
    const poll_ms = Math.max(LEAST_POLL_MS, (performance.now() - started_ms) / done / POLLS_PER_HOUR);
    while (behind > most) {
      await delay(poll_ms);
      behind = await gauge(scorer.url, metrics.pairs_behind.name);
    }
  }
}

/** How many hours are not settled then. */
async function post(scorer: ScorerProcess, text: string): Promise<number> {
  const { status, body } = await scorer.post('/v1/observations', text);
  if (status !== 200) throw new Error(`the scorer answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
  return Number(body.pairs_behind);
}

/** A bench of a scorer that judged nothing would measure nothing. */
async function checkJudged(url: string, hours: number): Promise<void> {
  const judged = await gauge(url, metrics.pair_hours.name);
  if (judged < hours) throw new Error(`the scorer judged ${judged} hours of ${hours}`);
  const broken = await gauge(url, metrics.parity_broken.name);
  if (broken > 0) throw new Error(`the scorer found ${broken} forecasts that differ from their recomputation`);
}

async function gauge(url: string, name: string): Promise<number> {
  return gaugeIn(await (await fetch(`${url}/metrics`)).text(), name);
}

/** The first value of a metric in an exposition. An absent one is no number, and no number is below what a bench demands. */
export function gaugeIn(exposition: string, name: string): number {
  const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(exposition)?.[1];
  if (value === undefined) throw new Error(`the scorer exports no ${name}`);
  return Number(value);
}

async function folderMb(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

/** A bench has no backtest: this one only gives the scales. */
async function writeBacktest(registry: string, { stations }: World): Promise<void> {
  const written: Backtest = {
    ...backtest(),
    ...{ candidate_release: CANDIDATE, stable_release: STABLE },
    scale_kw: Object.fromEntries(stations.map((station_id) => [station_id, 5])),
  };
  const file = path.join(registry, registryPath.backtest(CANDIDATE));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(written));
}
