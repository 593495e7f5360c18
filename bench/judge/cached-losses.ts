import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Telemetry } from '../../core/telemetry.ts';
import { candidateLosses, type Losses } from './candidates.ts';
import { forEach, leadModes, models, pairNames } from './models.ts';

const sources = [
  'candidates.ts',
  'features.ts',
  'forecasters.ts',
  'models.ts',
  'ridge.ts',
  '../../core/judge/differences.ts',
];

/** The losses of a telemetry set: from `folder` where the same readings and the same code were fitted before, else fitted and kept there. */
export async function cachedLosses(telemetry: Telemetry, folder: string): Promise<Losses> {
  const hash = createHash('sha256').update(`${telemetry.name} ${telemetry.start_h}`);
  for (const series of telemetry.values_kw) hash.update(series);
  for (const source of sources) hash.update(await readFile(new URL(source, import.meta.url)));
  const file = path.join(folder, `losses-${hash.digest('hex').slice(0, 16)}.v8`);
  const kept = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  // Named by what it was made of, and written whole or not at all.
  if (kept !== null) return inSharedMemory(deserialize(kept) as Losses);
  const losses = candidateLosses(telemetry);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.part`, serialize(inOwnMemory(losses)));
  await rename(`${file}.part`, file);
  return losses;
}

const inOwnMemory = (losses: Losses) => withArrays(losses, (array) => Float64Array.from(array));
const inSharedMemory = (losses: Losses) =>
  withArrays(losses, (array) => {
    const shared = new Float64Array(new SharedArrayBuffer(array.byteLength));
    shared.set(array);
    return shared;
  });

function withArrays(losses: Losses, of: (array: Float64Array) => Float64Array): Losses {
  return {
    ...losses,
    models: forEach(models, (model) => forEach(leadModes, (leads) => of(losses.models[model][leads]))),
    differences: forEach(pairNames, (pair) => of(losses.differences[pair])),
  };
}
