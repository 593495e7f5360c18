import { join } from 'node:path';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { registryPath } from '../core/registry.ts';
import { isDigest } from '../core/release.ts';
import { buildEdge, MAX_LOSS, writeEdge } from '../model-server/edge/build.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, refuse } from './flags.ts';
import { modelCommand, percent } from './model-command.ts';

const usage = `npm run edge -- --model DIGEST [options]

Makes the edge model of a trained model: a TensorFlow Lite file with weights of 8 bits, for gateways (docs/edge.md). LiteRT must run it to
the same bits as our own runners, and it must not lose more than ${100 * MAX_LOSS} % of accuracy on the part of the telemetry that it was not
trained on; else nothing is written. The same model gives the same bytes.

  --model DIGEST    what npm run train printed: sha256:...
  --telemetry DIR   the set that the model was trained on; default: the embedded one
  --registry DIR    default out/registry
  --json            print digest, file and manifest as JSON on standard output
  --help`;

const flags = parseFlags(usage, {
  model: { type: 'string', default: '' },
  telemetry: { type: 'string', default: embeddedTelemetry },
  registry: { type: 'string', default: 'out/registry' },
  json: { type: 'boolean', default: false },
});
if (!isDigest(flags.model))
  refuse(`--model: "${flags.model}" is no digest; give what npm run train printed, like sha256:<64 hex digits>`, usage);

process.exitCode = await modelCommand(run);

async function run(): Promise<ExitCode> {
  const built = await buildEdge(flags.registry, flags.model, await readTelemetry(flags.telemetry));
  const { loss, files } = built.manifest;
  const measured = `held out ${loss.from} to ${loss.to}, ${loss.stations} stations: MAE ${percent(loss.mae_ratio - 1)} above its source's on average, ${percent(loss.mae_ratio_max - 1)} at the worst station; nMAE ${percent(loss.nmae)}, source ${percent(loss.nmae_of_source)}`;
  if (!(loss.mae_ratio - 1 <= MAX_LOSS)) {
    console.error(`refused: ${measured}; at most ${percent(MAX_LOSS)} may be lost`);
    return exitCode.refused;
  }
  const digest = await writeEdge(flags.registry, built);
  const file = join(flags.registry, registryPath.model(digest), 'model.tflite');
  if (flags.json) console.log(JSON.stringify({ digest, file, manifest: built.manifest }, null, 2));
  else
    console.log(
      `${digest}\n${file}, ${files['model.tflite'].bytes} bytes; LiteRT runs it to the same bits\n${measured}`,
    );
  return exitCode.ok;
}
