import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { GateInPlan } from '../../core/evidence.ts';
import { type Backtest, type BacktestVerdict, backtestVerdict } from '../../core/judge/backtest.ts';
import { parseBacktest } from '../../core/judge/backtest-file.ts';
import { backtestInVerdict, measuredVerdict } from '../../core/measured-verdict.ts';
import { parsePlan } from '../../core/plan.ts';
import { sha256 } from '../../core/release.ts';
import type { Timeline } from '../../core/timeline.ts';
import schema from '../../core/verdict.schema.json' with { type: 'json' };
import type { Verdict } from '../../core/verdict.ts';
import type { RehearsalInputs } from '../rehearsal/kept-evidence.ts';
import type { Files } from './archive.ts';

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const isVerdict = ajv.compile<Verdict>(schema);

/** Where the verdict of a bundle is not what its own measurements say. Its sentences are not compared: a later version may word them otherwise. */
export function verdictFaults(files: Files): string[] {
  try {
    const verdict: unknown = json(files, 'verdict.json');
    if (!isVerdict(verdict)) return ['verdict.json does not have the form of a verdict'];
    return [...measurementFaults(files, verdict), ...inputFaults(files, verdict)];
  } catch (error) {
    return [`the evidence cannot be judged again: ${error instanceof Error ? error.message : error}`];
  }
}

function measurementFaults(files: Files, verdict: Verdict): string[] {
  const { arms } = json<{ arms: { backtest: unknown }[] }>(files, 'backtest.json');
  const judged = arms.map(({ backtest }) => ({ backtest: parseBacktest(JSON.stringify(backtest), 'backtest.json') }));
  const faults = judged.flatMap(({ backtest }) => lookFaults(backtest));
  const again = measuredVerdict({
    backtest: backtestInVerdict(judged, parsePlan(String(files.get('plan.yaml')), 'plan.yaml').arms?.default ?? null),
    gates: json<GateInPlan[]>(files, 'gates.json'),
    timeline: json<Timeline | null>(files, 'timeline.json'),
  });
  const { outcome, phases, gates, accuracy, latency_ms_p99 } = again;
  if (outcome !== verdict.outcome) faults.push(`verdict.json says ${verdict.outcome}, the measurements say ${outcome}`);
  const measured = { phases, gates, backtest: again.backtest, arms: again.arms, accuracy, latency_ms_p99 };
  for (const [part, value] of Object.entries(measured))
    if (!isDeepStrictEqual(asJson(value), asJson(Reflect.get(verdict, part))))
      faults.push(`${part} of verdict.json is not what the measurements say`);
  return faults;
}

function lookFaults({ arm, theta, accepted_loss, verdict }: Backtest): string[] {
  const says = saidBy(theta, accepted_loss !== null);
  const of = arm === null ? '' : ` of arm ${arm}`;
  return says === verdict ? [] : [`backtest.json says ${verdict}${of}, its looks say ${says}`];
}

/** Without a look at each theta a backtest can say nothing. */
function saidBy({ abort, safe, win }: Backtest['theta'], accepted_loss: boolean): BacktestVerdict {
  if (abort.look === null || safe.look === null || win.look === null) return 'none';
  return backtestVerdict({ abort: abort.look, safe: safe.look, win: win.look }, accepted_loss);
}

function inputFaults(files: Files, { release }: Verdict): string[] {
  const inputs = json<RehearsalInputs>(files, 'inputs.json');
  parsePlan(String(files.get('plan.yaml')), 'plan.yaml');
  const digests = inputs.releases.map(({ digest }) => digest);
  const faults: string[] = [];
  if (!isDeepStrictEqual(digests, [release.stable, release.candidate]))
    faults.push('verdict.json is of other releases than inputs.json');
  const hashed = { 'package-lock.json': inputs.lockfile, 'plan.yaml': inputs.plan };
  for (const [name, digest] of Object.entries(hashed))
    if (sha256(files.get(name) ?? '') !== digest) faults.push(`${name} is not the one that inputs.json names`);
  return faults;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A file that we wrote ourselves; a form that is not ours shows when it is judged. */
function json<T>(files: Files, name: string): T {
  const contents = files.get(name);
  if (contents === undefined) throw new Error(`${name} is missing`);
  return JSON.parse(contents.toString());
}
