/**
 * `node ours.ts FOLDER SCORER_URL|none`: the model server as it is in production, with the network of the comparison in the model's place. FOLDER: an
 * empty one, for its registry. Prints its address when it is ready.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { SHAPE } from '../../bench/server/network.ts';
import { LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, sha256 } from '../../core/release.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { STANDS_ALONE } from '../../core/workload.ts';
import { controlArtefact } from '../../model-server/control.ts';
import { openRelease } from '../../model-server/models.ts';
import { noForecast, type Predictor } from '../../model-server/predictor.ts';
import { serve } from '../../model-server/serve.ts';
import { simdForward } from './simd-forward.ts';

const [registry = '', scorer = STANDS_ALONE] = process.argv.slice(2);
const json = canonicalJson({ image: 'i@sha256:0', model: await controlArtefact(registry), flags: {}, server: {} });
const release = sha256(json);
const path = join(registry, registryPath.release(release));
await mkdir(dirname(path), { recursive: true });
await writeFile(path, json);

const forward = simdForward();
const forecast: Predictor['forecast'] = async ({ issue_h, history_kw }) => {
  const rows = issue_h.length;
  const values_kw = new Float64Array(rows * LEADS);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * HISTORY_HOURS;
    values_kw.set(forward(history_kw.subarray(end - SHAPE.input, end)), row * LEADS);
  }
  return { ...noForecast(rows), values_kw };
};

const { url } = await serve(
  {
    ...{ host: '127.0.0.1', port: 0, pod_name: 'pod', pod_hash: 'hash', arm: 'control', release, registry },
    scorer_url: scorer === STANDS_ALONE ? null : scorer,
  },
  async (...asked) => {
    const opened = await openRelease(...asked);
    return { ...opened, predictor: { ...opened.predictor, forecast } };
  },
  pino({ level: 'warn' }),
);
console.log(url);
