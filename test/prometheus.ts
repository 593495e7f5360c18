import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real Prometheus that scrapes nothing and knows what it was given; `end` resolves once it is gone. */
export type KnowingPrometheus = { url: string; end: () => Promise<void> };

/** Puts samples with times, as OpenMetrics text, into blocks under `folder`, which is empty, and starts Prometheus on them. */
export async function prometheusOf(openmetrics: string, folder: string): Promise<KnowingPrometheus> {
  backfill(openmetrics, folder);
  const { url, process } = await startPrometheus(folder);
  return {
    url,
    end: async () => {
      process.kill('SIGTERM');
      await once(process, 'exit');
    },
  };
}

function program(name: string): string {
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error(`GRIDRAMP_BIN is not set: it names the folder that holds ${name}`);
  return join(bin, name);
}

function backfill(openmetrics: string, folder: string): void {
  const file = join(folder, 'samples.om');
  writeFileSync(file, openmetrics);
  mkdirSync(join(folder, 'data'));
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')];
  execFileSync(program('promtool'), args, { stdio: 'pipe' });
}

async function startPrometheus(folder: string): Promise<{ url: string; process: ChildProcess }> {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, '{}');
  const address = `127.0.0.1:${await freePort()}`;
  const started = spawn(
    program('prometheus'),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  for await (const line of createInterface(started.stderr)) {
    said.push(line);
    if (line.includes('Server is ready to receive web requests')) {
      started.stderr.resume();
      return { url: `http://${address}`, process: started };
    }
  }
  throw new Error(`Prometheus ended before it was ready:\n${said.join('\n')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
