/** `npm run bench:predict`: how well the predictors forecast time that none of them was trained on. */
import path from 'node:path';
import { createLogUpdate } from 'log-update';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { LEADS } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { CONTROL_LAG_H } from '../model-server/control.ts';
import { openModel } from '../model-server/models.ts';
import type { Predictor } from '../model-server/predictor.ts';
import { fallback } from '../model-server/predictors/fallback.ts';
import { seasonal } from '../model-server/seasonal.ts';
import { trainingHours } from '../model-server/split.ts';
import { type TrainedKind, train, trainedKinds } from '../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { writeReport } from './bench-predict/report.ts';
import { cpuSeconds, type Score, score } from './bench-predict/score.ts';
import { parseFlags, refuse } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:predict -- [--telemetry DIR] [--kinds KINDS] [--out DIR] [--registry DIR]

Trains the predictors on the first 60 % of a telemetry set and measures all of them on the rest: MAE against the existing forecast (control) and
against the best plain method (fallback), how often the 90 % interval holds the reading, and what that takes of the processors. docs/predictors.md says what each does.

  --telemetry DIR  a set of your own (telemetry/README.md); default: the embedded one
  --kinds KINDS    of ${trainedKinds.join(', ')}; separated by commas (default all of them)
  --out DIR        where table.md, stations.csv, result.json, the plot and index.html go (default out/bench-predict)
  --registry DIR   where trained models go (default out/registry); one that lies there already is not trained again, which its CPU time shows

Exit codes: 0 measured, 2 wrong usage or invalid input, 1 anything else.`;

const flags = parseFlags(usage, {
  telemetry: { type: 'string', default: embeddedTelemetry },
  kinds: { type: 'string', default: trainedKinds.join(',') },
  out: { type: 'string', default: 'out/bench-predict' },
  registry: { type: 'string', default: 'out/registry' },
});
const kinds = flags.kinds.split(',').map(kindOf);
process.exitCode = await run();

async function run(): Promise<ExitCode> {
  try {
    console.log(`${await measured()}\nPlot, stations and numbers: ${path.join(flags.out, 'index.html')}`);
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return exitCode.usage;
  }
}

async function measured(): Promise<string> {
  const telemetry = await readTelemetry(flags.telemetry);
  const from_h = telemetry.start_h + trainingHours(telemetry);
  const show = process.stderr.isTTY ? createLogUpdate(process.stderr) : null;
  const progress = (what: string) => (share: number) => show?.(`${what}: ${Math.round(100 * share)} %`);
  const scores: Score[] = [];
  const measure = async (name: string, predictor: Predictor, trained_cpu_s?: number) => {
    const measured = await score(name, predictor, telemetry, from_h, progress(`measuring ${name}`));
    scores.push({ ...measured, ...(trained_cpu_s !== undefined && { trained_cpu_s }) });
    predictor.dispose();
  };
  await measure('control', seasonal(CONTROL_LAG_H));
  await measure('fallback', fallback());
  for (const kind of kinds) {
    const training = progress(`training ${kind}`);
    const onProgress = ({ step, steps }: { step: number; steps: number }) => training(step / steps);
    const before = cpuSeconds();
    const { digest } = await train(telemetry, { kind, seed: 1, registry: flags.registry, onProgress });
    await measure(kind, await openModel(flags.registry, digest), cpuSeconds() - before);
  }
  show?.clear();
  const [from, to] = [isoOfHour(from_h), isoOfHour(telemetry.start_h + telemetry.hours - LEADS)];
  const date = new Date().toISOString().slice(0, 10);
  return await writeReport({ telemetry, from, to, scores, machine: machineName(), date }, flags.out);
}

function kindOf(name: string): TrainedKind {
  const kind = trainedKinds.find((known) => known === name);
  return kind ?? refuse(`--kinds: "${name}" is none of ${trainedKinds.join(', ')}`, usage);
}
