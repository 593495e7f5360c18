import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { Telemetry } from '../core/telemetry.ts';
import type { Progress } from '../model-server/fit.ts';
import { type TrainedKind, train, trainedKinds } from '../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, refuse, wholeNumber } from './flags.ts';

const usage = `npm run train -- [options]

Trains models on the first 60 % of a telemetry set and writes them to the registry (docs/predictors.md says what each does). The same
set, seed and code give the same bytes, and are trained once.

  --telemetry DIR   a set of your own (see telemetry/README.md); default: the embedded one
  --kind KINDS      of ${trainedKinds.join(', ')}; separated by commas (default dense)
  --seed N          default 1; only dense draws
  --registry DIR    default out/registry
  --json            print digest and metrics as JSON on standard output, a line for each kind
  --help`;

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  kind: { type: 'string', default: 'dense' },
  seed: { type: 'string', default: '1' },
  registry: { type: 'string', default: 'out/registry' },
  json: { type: 'boolean', default: false },
});
const kinds = flags.kind.split(',').map(kindOf);
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

async function run(): Promise<ExitCode> {
  const telemetry = await readTelemetry(flags.telemetry);
  for (const kind of kinds) await trainOne(telemetry, kind);
  return exitCode.ok;
}

async function trainOne(telemetry: Telemetry, kind: TrainedKind): Promise<void> {
  const started_ms = performance.now();
  const { digest, metrics, cached } = await train(telemetry, {
    kind,
    seed,
    registry: flags.registry,
    onProgress: (progress) => drawProgress(kind, progress),
  });
  const took_s = ((performance.now() - started_ms) / 1000).toFixed(1);
  if (flags.json) console.log(JSON.stringify({ kind, digest, cached, metrics }));
  else {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    console.log(`${kind}, ${cached ? 'trained before' : `trained in ${took_s} s`}: ${digest}
held out ${metrics.from} to ${metrics.to}: nMAE ${percent(metrics.nmae)}, existing forecast ${percent(metrics.nmae_control)}, gain ${percent(metrics.gain)}; worse at ${metrics.stations_worse} of ${metrics.stations} stations`);
  }
}

function kindOf(name: string): TrainedKind {
  const kind = trainedKinds.find((known) => known === name);
  return kind ?? refuse(`--kind: "${name}" is none of ${trainedKinds.join(', ')}`, usage);
}

/** One line that is overwritten, on a terminal only. */
function drawProgress(kind: TrainedKind, { step, steps, loss }: Progress): void {
  if (!process.stderr.isTTY) return;
  const said = loss === undefined ? '' : `, loss ${loss.toFixed(4)}`;
  process.stderr.write(`\rtraining ${kind}: ${Math.round((100 * step) / steps)} %${said}${step === steps ? '\n' : ''}`);
}
