import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scorerEnv } from '../../core/workload.ts';

/** Kernel clock ticks a second in /proc: fixed at 100 for every program on Linux. */
const TICKS_PER_S = 100;

/** A child whose first matching line of output says where it listens. Ends with `stop`. */
class Listening {
  readonly child: ChildProcess;
  port = 0;

  constructor(program: string, args: readonly string[], env: Record<string, string>) {
    const node = ['--disable-warning=ExperimentalWarning', program, ...args];
    this.child = spawn(process.execPath, node, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  async listening(portOf: (line: string) => number | null): Promise<void> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error('the child has no output');
    for await (const line of createInterface({ input: stdout })) {
      const port = portOf(line);
      if (port === null) continue;
      this.port = port;
      stdout.resume();
      return;
    }
    throw new Error(`${this.child.spawnargs.slice(2).join(' ')} ended before it listened`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  /** CPU time so far and resident memory, now and at most. */
  usage(): { cpu_s: number; rss_mb: number; peak_rss_mb: number } {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return {
      cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
      rss_mb: mb('VmRSS'),
      peak_rss_mb: mb('VmHWM'),
    };
  }
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function startServices(stations: number, hours: number): Promise<Listening> {
  const services = new Listening(file('services.ts'), [String(stations), String(hours)], {});
  await services.listening((line) => (/^\d+$/.test(line) ? Number(line) : null));
  return services;
}

/** The scorer itself, as production runs it. */
export async function startScorer(services: Listening, data: string, registry: string): Promise<Listening> {
  const base = `http://127.0.0.1:${services.port}`;
  const scorer = new Listening(file('../../scorer/main.ts'), [], {
    [scorerEnv.host]: '127.0.0.1',
    [scorerEnv.port]: '0',
    [scorerEnv.data]: data,
    [scorerEnv.registry]: registry,
    [scorerEnv.stable_url]: `${base}/stable`,
    [scorerEnv.canary_url]: `${base}/canary`,
    [scorerEnv.recompute_url]: `${base}/recompute`,
    [scorerEnv.judge]: '{}',
  });
  await scorer.listening((line) => {
    const { address }: { address?: { port: number } } = JSON.parse(line);
    return address?.port ?? null;
  });
  return scorer;
}
