import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backtest } from '../../core/judge/backtest.ts';
import { metrics } from '../../core/metrics.ts';
import { registryPath } from '../../core/registry.ts';
import { startScorer, startServices } from './processes.ts';
import { CANDIDATE, FIRST_H, STABLE, World } from './world.ts';

/** Hours until the first target hour closes: 24 leads, and the truth's delay. From then on every hour joins one. */
const WARM_HOURS = 32;
/** Hours told ahead of those that are settled, so that the scorer never waits for this program. */
const MOST_BEHIND = 4;
const POLL_MS = 20;

export type Cost = {
  stations: number;
  hours: number;
  /** Forecast records of both versions, asked for, paired, stored, and joined with their truth. */
  records: number;
  wall_s: number;
  /** Of the scorer's process alone. */
  cpu_s: number;
  peak_rss_mb: number;
  disk_mb: number;
};

/** Runs a scorer on `hours` hours of `stations` stations, after those that fill its horizon. */
export async function measure(stations: number, hours: number, signal: AbortSignal): Promise<Cost> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gridramp-bench-'));
  const world = new World(stations, WARM_HOURS + hours);
  const services = await startServices(stations, WARM_HOURS + hours);
  try {
    await writeBacktest(folder, world);
    const scorer = await startScorer(services, path.join(folder, 'data'), folder);
    try {
      const tell = (body: string) => post(`http://127.0.0.1:${scorer.port}`, body, signal);
      await follow(world, tell, FIRST_H, WARM_HOURS);
      const [before, started_ms] = [scorer.usage(), performance.now()];
      await follow(world, tell, FIRST_H + WARM_HOURS, hours);
      const [after, wall_s] = [scorer.usage(), (performance.now() - started_ms) / 1000];
      await checkJudged(`http://127.0.0.1:${scorer.port}`, hours);
      return {
        ...{ stations, hours, records: 2 * stations * hours, wall_s },
        cpu_s: after.cpu_s - before.cpu_s,
        peak_rss_mb: after.peak_rss_mb,
        disk_mb: await folderMb(path.join(folder, 'data')),
      };
    } finally {
      await scorer.stop();
    }
  } finally {
    await services.stop();
    await rm(folder, { recursive: true });
  }
}

type Tell = (body: string) => Promise<() => Promise<number>>;

/** Tells hour by hour, and returns when the last is settled. */
async function follow(world: World, tell: Tell, from_h: number, hours: number): Promise<void> {
  for (let h = from_h; h < from_h + hours; h++) {
    const behind = await tell(world.entries(h));
    const most = h === from_h + hours - 1 ? 0 : MOST_BEHIND;
    while ((await behind()) > most) await delay(POLL_MS);
  }
}

async function post(url: string, body: string, signal: AbortSignal): Promise<() => Promise<number>> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/observations`, { method: 'POST', headers, body, signal });
  if (!answer.ok) throw new Error(`the scorer answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  await answer.body?.cancel();
  return () => gauge(url, metrics.pairs_behind.name);
}

/** A bench of a scorer that judged nothing would measure nothing. */
async function checkJudged(url: string, hours: number): Promise<void> {
  const judged = await gauge(url, metrics.pair_hours.name);
  if (judged < hours) throw new Error(`the scorer judged ${judged} hours of ${hours}`);
  const broken = await gauge(url, metrics.parity_broken.name);
  if (broken > 0) throw new Error(`the scorer found ${broken} forecasts that differ from their recomputation`);
}

async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
}

async function folderMb(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

async function writeBacktest(registry: string, { stations }: World): Promise<void> {
  const theta = { look: { mean: -0.2, margin: 0.05 }, guard: { sigma0_sq: 0.04, kappa: 9 } };
  const backtest: Backtest = {
    schema: 1,
    candidate_release: CANDIDATE,
    stable_release: STABLE,
    arm: null,
    days: 120,
    from: '2017-08-01T01:00:00Z',
    to: '2017-11-29T00:00:00Z',
    verdict: 'safe',
    sentence: 'A bench has no backtest: this one only gives the scales.',
    theta: { abort: theta, safe: theta, win: theta },
    consistency: null,
    scale_kw: Object.fromEntries(stations.map((station_id) => [station_id, 5])),
    stations_left_out: [],
    days_left_out: 0,
    mae_kw: { candidate: 5, stable: 5 },
    rmse_scaled: { candidate: 1.2, stable: 1.2 },
    tries: 1,
    looks: [],
    accepted_loss: null,
  };
  const file = path.join(registry, registryPath.backtest(CANDIDATE));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(backtest));
}
