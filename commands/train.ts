import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { train } from '../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, wholeNumber } from './flags.ts';

const usage = `npm run train -- [options]

Trains the learned model on the first 60 % of a telemetry set and writes it to the registry. The same set, seed and code give the same
bytes, and are trained once.

  --telemetry DIR   a set of your own (see telemetry/README.md); default: the embedded one
  --seed N          default 1
  --registry DIR    default out/registry
  --json            print digest and metrics as JSON on standard output
  --help`;

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  seed: { type: 'string', default: '1' },
  registry: { type: 'string', default: 'out/registry' },
  json: { type: 'boolean', default: false },
});
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

async function run(): Promise<ExitCode> {
  const started_ms = performance.now();
  const telemetry = await readTelemetry(flags.telemetry);
  const { digest, metrics, cached } = await train(telemetry, {
    seed,
    registry: flags.registry,
    onProgress: ({ step, steps, loss }) => drawProgress(step / steps, loss),
  });
  const took_s = ((performance.now() - started_ms) / 1000).toFixed(1);
  if (flags.json) console.log(JSON.stringify({ digest, cached, metrics }, null, 2));
  else {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    console.log(`${cached ? 'trained before' : `trained in ${took_s} s`}: ${digest}
held out ${metrics.from} to ${metrics.to}: nMAE ${percent(metrics.nmae)}, existing forecast ${percent(metrics.nmae_control)}, gain ${percent(metrics.gain)}; worse at ${metrics.stations_worse} of ${metrics.stations} stations`);
  }
  return exitCode.ok;
}

/** One line that is overwritten, on a terminal only. */
function drawProgress(share: number, loss: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\rtraining ${Math.round(100 * share)} %, loss ${loss.toFixed(4)}${share === 1 ? '\n' : ''}`);
}
