/** Measures one backend: `node backend-process.ts <backend> <seconds per size>` prints a `Measured` as JSON, or null where it cannot be opened. */
import { readFileSync } from 'node:fs';
import { type BackendName, backendNames } from '../../core/release.ts';
import type { Network } from '../../model-server/backends/backend.ts';
import { backends, openNetwork } from '../../model-server/backends/backends.ts';
import { FEATURES } from '../../model-server/features.ts';
import { weightsOf } from '../../model-server/network.ts';
import { randomWeights } from '../../model-server/random-network.ts';
import type { Measured } from './measured.ts';

const SIZES = [1, 100, 1000] as const;
/** Of the kernel's clock: USER_HZ, which Linux shows to every program. */
const TICKS_PER_S = 100;

const [name = '', seconds = '1'] = process.argv.slice(2);
const backend = backendNames.find((known) => known === name);
if (backend === undefined) throw new RangeError(`"${name}" is none of ${backendNames.join(', ')}`);
process.stdout.write(JSON.stringify(await measure(backend, Number(seconds))));
process.exit();

async function measure(name: BackendName, seconds: number): Promise<Measured | null> {
  const started_ms = performance.now();
  let network: Network;
  try {
    network = await openNetwork(backends[name], weightsOf(randomWeights(1)));
  } catch {
    return null;
  }
  await network.forward(new Float32Array(FEATURES));
  const open_ms = performance.now() - started_ms;
  const rates: Record<number, number> = {};
  for (const size of SIZES) rates[size] = await forecastsPerCpuSecond(network, size, seconds);
  return { open_ms, forecasts_per_cpu_s: rates, resident_mb: ours().reduce((sum, pid) => sum + residentMb(pid), 0) };
}

async function forecastsPerCpuSecond(network: Network, size: number, seconds: number): Promise<number> {
  const features = Float32Array.from({ length: size * FEATURES }, (_, i) => Math.sin(i));
  const before_s = cpuSeconds();
  let calls = 0;
  for (const end_ms = performance.now() + 1000 * seconds; performance.now() < end_ms; calls++)
    await network.forward(features);
  return (calls * size) / (cpuSeconds() - before_s);
}

/** This process and those that it started. */
function ours(): string[] {
  const own = String(process.pid);
  return [own, ...readFileSync(`/proc/${own}/task/${own}/children`, 'utf8').trim().split(' ').filter(Boolean)];
}

function cpuSeconds(): number {
  const ticks = ours().map((pid) => {
    // User and system time come 12th and 13th after the name, which may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_S;
}

function residentMb(pid: string): number {
  const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1000;
}
