import { parseArgs } from 'node:util';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { train } from '../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';

const usage = `npm run train -- [options]

Trains the learned model on the first 60 % of a telemetry set and writes it to the registry. The same set, seed and code give the same
bytes, and are trained once.

  --telemetry DIR   a set of your own (see telemetry/README.md); default: the embedded one
  --seed N          default 1
  --registry DIR    default out/registry
  --json            print digest and metrics as JSON on standard output
  --help`;

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

async function run(args: string[]): Promise<ExitCode> {
  const options = parse(args);
  if (options.help) {
    console.log(usage);
    return exitCode.ok;
  }
  const started_ms = performance.now();
  const telemetry = await readTelemetry(options.telemetry);
  const { digest, metrics, cached } = await train(telemetry, {
    seed: seedOf(options.seed),
    registry: options.registry,
    onProgress: ({ step, steps, loss }) => drawProgress(step / steps, loss),
  });
  const took_s = ((performance.now() - started_ms) / 1000).toFixed(1);
  if (options.json) console.log(JSON.stringify({ digest, cached, metrics }, null, 2));
  else {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    console.log(`${cached ? 'trained before' : `trained in ${took_s} s`}: ${digest}
held out ${metrics.from} to ${metrics.to}: nMAE ${percent(metrics.nmae)}, existing forecast ${percent(metrics.nmae_control)}, gain ${percent(metrics.gain)}; worse at ${metrics.stations_worse} of ${metrics.stations} stations`);
  }
  return exitCode.ok;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        telemetry: { type: 'string', default: embeddedTelemetry },
        seed: { type: 'string', default: '1' },
        registry: { type: 'string', default: 'out/registry' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place: 'command line', message, fix: 'see npm run train -- --help' }], { cause });
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 31) return seed;
  throw new InputError([
    { place: '--seed', message: `"${text}" is not a whole number from 0 to 2147483647`, fix: 'give one' },
  ]);
}

/** One line that is overwritten, on a terminal only. */
function drawProgress(share: number, loss: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\rtraining ${Math.round(100 * share)} %, loss ${loss.toFixed(4)}${share === 1 ? '\n' : ''}`);
}
