import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Backtest } from '../core/judge/backtest.ts';
import type { PartialJudge } from '../core/judge/settings.ts';
import { registryPath } from '../core/registry.ts';
import { ScorerProcess } from './scorer-process.ts';
import { Services } from './stand-in-services.ts';
import { backtest } from './stand-in-world.ts';

/** For tests: what the scorers of one test live among. */
export class Scorers {
  /** The registry, and beside it the scorers' data. */
  folder = '';
  services = new Services();
  #address = '';
  readonly #started: ScorerProcess[] = [];

  async begin(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'gridramp-scorer-'));
    this.services = new Services();
    this.#address = await this.services.listen();
  }

  async end(): Promise<void> {
    for (const scorer of this.#started.splice(0)) await scorer.end('SIGKILL');
    this.services.close();
    rmSync(this.folder, { recursive: true });
  }

  /** A scorer that listens, on the data of this name. */
  async started(name = 'data', judge: PartialJudge = {}): Promise<ScorerProcess> {
    const { folder } = this;
    const scorer = new ScorerProcess({ services: this.#address, data: join(folder, name), registry: folder, judge });
    this.#started.push(scorer);
    await scorer.start();
    return scorer;
  }
}

/** Others for each test of a file. */
export function withScorers(): Scorers {
  const scorers = new Scorers();
  beforeEach(() => scorers.begin());
  afterEach(() => scorers.end());
  return scorers;
}

/** Puts a backtest into a registry: of its candidate, or of one of several arms. */
export function writeBacktest(registry: string, written: Backtest = backtest(), arm?: string): void {
  const file = join(registry, registryPath.backtest(written.candidate_release, arm));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(written));
}
