import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { registryPath } from '../core/registry.ts';
import { ARM_PATTERN, isDigest } from '../core/release.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { loadRelease } from '../model-server/artefact.ts';
import type { Progress } from '../model-server/fit.ts';
import { MAX_REASON } from '../model-server/registry/publications.ts';
import { type Published, publishTrained } from '../model-server/registry/publish-trained.ts';
import { type TrainedKind, train, trainedKinds } from '../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { parseFlags, refuse, wholeNumber } from './flags.ts';
import { modelCommand, percent } from './model-command.ts';

const usage = `npm run train -- [options]

Trains models on the first 60 % of a telemetry set, writes them to the registry (docs/predictors.md says what each does), and publishes them
unless they are worse than what they replace, on the part of the set that neither was trained on (docs/models.md). The same set, seed and
code give the same bytes, and are trained once.

  --telemetry DIR       a set of your own (see telemetry/README.md); default: the embedded one
  --kind KINDS          of ${trainedKinds.join(', ')}; separated by commas (default dense)
  --seed N              default 1; only dense draws
  --registry DIR        default out/registry
  --as NAME             what to publish it as (default: its kind)
  --replaces DIGEST     the model, or the release, that it must not be worse than (default: what NAME stands for; at first the existing forecast)
  --allow-worse REASON  publish it all the same; the reason is kept
  --json                print digest, metrics and what was published as JSON on standard output, a line for each kind
  --help

Exit codes: 0 published, or published before, 3 refused, as it is worse or cannot be compared: the model stays in the registry under its
digest, 2 wrong usage or invalid input, 1 anything else.`;

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  kind: { type: 'string', default: 'dense' },
  seed: { type: 'string', default: '1' },
  registry: { type: 'string', default: 'out/registry' },
  as: { type: 'string' },
  replaces: { type: 'string' },
  'allow-worse': { type: 'string' },
  json: { type: 'boolean', default: false },
});
const kinds = flags.kind.split(',').map(kindOf);
const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage);
const { as, replaces, 'allow-worse': allow_worse } = flags;
if (as !== undefined && !new RegExp(ARM_PATTERN).test(as))
  refuse(`--as: "${as}" is no name like "forecast-2"; use small letters, digits and -`, usage);
if (kinds.length > 1 && (as ?? replaces) !== undefined)
  refuse('--as, --replaces: of several kinds each is published as itself; train one kind at a time', usage);
if (replaces !== undefined && !isDigest(replaces))
  refuse(`--replaces: "${replaces}" is no digest like sha256:<64 hex digits>`, usage);
if (allow_worse !== undefined && (allow_worse.trim() === '' || allow_worse.length > MAX_REASON))
  refuse(`--allow-worse: say why, in at most ${MAX_REASON} characters`, usage);

process.exitCode = await modelCommand(run);

/** Every kind is trained, also after one that is refused. */
async function run(): Promise<ExitCode> {
  const telemetry = await readTelemetry(flags.telemetry);
  const outcomes: Published['outcome'][] = [];
  for (const kind of kinds) outcomes.push(await trainOne(telemetry, kind));
  return outcomes.includes('refused') ? exitCode.refused : exitCode.ok;
}

async function trainOne(telemetry: Telemetry, kind: TrainedKind): Promise<Published['outcome']> {
  const { registry } = flags;
  const started_ms = performance.now();
  const onProgress = (progress: Progress) => drawProgress(kind, progress);
  const { digest, metrics, cached } = await train(telemetry, { kind, seed, registry, onProgress });
  const took_s = ((performance.now() - started_ms) / 1000).toFixed(1);
  if (!flags.json)
    console.log(`${kind}, ${cached ? 'trained before' : `trained in ${took_s} s`}: ${digest}
held out ${metrics.from} to ${metrics.to}: nMAE ${percent(metrics.nmae)}, existing forecast ${percent(metrics.nmae_control)}, gain ${percent(metrics.gain)}; worse at ${metrics.stations_worse} of ${metrics.stations} stations`);
  const name = as ?? kind;
  const published = await publishTrained(digest, {
    ...{ registry, telemetry, name, allow_worse },
    replaces: replaces && (await modelOf(replaces)),
    now: () => new Date(),
  });
  if (flags.json) console.log(JSON.stringify({ kind, digest, cached, metrics, published: { as: name, ...published } }));
  else if (published.outcome === 'refused')
    console.error(`refused: ${said(name, published)}; --allow-worse REASON publishes it all the same`);
  else console.log(said(name, published));
  return published.outcome;
}

function said(name: string, { outcome, replaces, compared, incomparable }: Published): string {
  if (outcome === 'unchanged') return `${name} stands for it already`;
  const beside =
    compared === null
      ? `they cannot be compared: ${incomparable}`
      : `nMAE ${percent(compared.nmae)}, of that ${percent(compared.nmae_replaced)}, over ${compared.from} to ${compared.to}, which neither was trained on; worse at ${compared.stations_worse} of ${compared.stations} stations`;
  return `${outcome === 'published' ? '' : 'not '}published as ${name} instead of ${replaces}: ${beside}`;
}

/** A release stands for its default arm's model. */
async function modelOf(digest: string): Promise<string> {
  const is_release = existsSync(path.join(flags.registry, registryPath.release(digest)));
  return is_release ? (await loadRelease(flags.registry, digest)).model : digest;
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
