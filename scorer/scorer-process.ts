import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { PartialJudge } from '../core/judge/settings.ts';
import { scorerEnv } from '../core/workload.ts';
import type { ScorerStatus } from './status.ts';

/** pino's level of a log line. */
const FATAL = 60;

/** Two days of hours are settled in seconds; a test that waits longer hangs. */
const SETTLED_WITHIN_MS = 120_000;
const POLL_MS = 5;

/** A real scorer process on a free port. */
export class ScorerProcess {
  #child: ChildProcess | null = null;
  readonly #environment: Record<string, string>;
  url = '';

  /** `services`: the base URL of `Services`, or the servers themselves. */
  constructor(options: {
    services: string | Record<'stable' | 'canary' | 'recompute', string>;
    data: string;
    registry: string;
    judge?: PartialJudge;
    log_hours?: number;
    /** Of a PostgreSQL database, instead of `data`. */
    database_url?: string;
  }) {
    const { services, database_url } = options;
    const url = (of: 'stable' | 'canary' | 'recompute') =>
      typeof services === 'string' ? `${services}/${of}` : services[of];
    const database = database_url === undefined ? {} : { database: 'postgresql' as const };
    this.#environment = {
      ...(database_url === undefined ? {} : { [scorerEnv.database_url]: database_url }),
      [scorerEnv.host]: '127.0.0.1',
      [scorerEnv.port]: '0',
      [scorerEnv.data]: options.data,
      [scorerEnv.registry]: options.registry,
      [scorerEnv.stable_url]: url('stable'),
      [scorerEnv.canary_url]: url('canary'),
      [scorerEnv.recompute_url]: url('recompute'),
      ...(options.log_hours === undefined ? {} : { [scorerEnv.log_hours]: String(options.log_hours) }),
      [scorerEnv.judge]: JSON.stringify({ ...options.judge, ...database }),
    };
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the scorer does not run');
    return pid;
  }

  async start(): Promise<void> {
    const main = new URL('main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.url = await new Promise<string>((listening, failed) => {
      child.once('exit', (code, signal) =>
        failed(new Error(`the scorer ended with ${code ?? signal} before it listened`)),
      );
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { address, level, ...more }: { address?: { port: number }; level: number } = JSON.parse(line);
        if (address !== undefined) listening(`http://127.0.0.1:${address.port}`);
        if (level < FATAL) return;
        failed(new Error(line));
        if (this.url !== '') console.error(more);
      });
    });
  }

  async end(how: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return null;
    if (child.exitCode === null) {
      child.kill(how);
      await once(child, 'exit');
    }
    return child.exitCode;
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: Object(await answer.json()) };
  }

  async status(): Promise<ScorerStatus> {
    const answer = await fetch(`${this.url}/v1/status`);
    const status: ScorerStatus = JSON.parse(await answer.text());
    return status;
  }

  /** The status once every known issue hour is settled and every sample recomputed. */
  async settled(): Promise<ScorerStatus> {
    for (const until_ms = performance.now() + SETTLED_WITHIN_MS; ; await delay(POLL_MS)) {
      const { settled, watermark, samples_waiting, ...status } = await this.status();
      if (settled === watermark && samples_waiting === 0) return { settled, watermark, samples_waiting, ...status };
      if (performance.now() > until_ms)
        throw new Error(`settled is ${settled} and not ${watermark}, and ${samples_waiting} samples wait`);
    }
  }
}
