/** Measures one backend: `node backend-process.ts <backend> <seconds per size>` prints a `Measured` as JSON, or null where it cannot be opened. */
import { type BackendName, backendNames } from '../../core/release.ts';
import { BackendError, type Network } from '../../model-server/backends/backend.ts';
import { backends, openNetwork } from '../../model-server/backends/backends.ts';
import { FEATURES } from '../../model-server/features.ts';
import { weightsOf } from '../../model-server/network.ts';
import { randomWeights } from '../../model-server/random-network.ts';
import { usageOf } from '../process-usage.ts';
import type { Measured } from './measured.ts';

const SIZES = [1, 100, 1000] as const;

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
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    console.error(`${name} cannot be opened (${error.reason}): ${error.message}`);
    return null;
  }
  await network.forward(new Float32Array(FEATURES));
  const open_ms = performance.now() - started_ms;
  const rates: Record<number, number> = {};
  for (const size of SIZES) rates[size] = await forecastsPerCpuSecond(network, size, seconds);
  return { open_ms, forecasts_per_cpu_s: rates, resident_mb: usageOf(process.pid).rss_mb };
}

async function forecastsPerCpuSecond(network: Network, size: number, seconds: number): Promise<number> {
  const features = Float32Array.from({ length: size * FEATURES }, (_, i) => Math.sin(i));
  const before_s = usageOf(process.pid).cpu_s;
  let calls = 0;
  for (const end_ms = performance.now() + 1000 * seconds; performance.now() < end_ms; calls++)
    await network.forward(features);
  return (calls * size) / (usageOf(process.pid).cpu_s - before_s);
}
