import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { LineCounter, parseDocument } from 'yaml';
import { parseHours } from './duration.ts';
import type { Gate } from './gate.ts';
import { type Fault, InputError } from './input-error.ts';
import { type JudgeSettings, judgeSettings } from './judge/settings.ts';
import schema from './plan.schema.json' with { type: 'json' };
import { armFaults } from './plan-arms.ts';
import { type PlanDocument, schemaFault, type WrittenJudge, type WrittenPlan } from './plan-file.ts';
import { judgeFaults } from './plan-judge.ts';
import { lengthFaults, orderFaults } from './plan-order.ts';
import { settingsOf } from './plan-settings.ts';
import { isJudged, stepsOf } from './plan-steps.ts';
import type { Plan } from './plan-types.ts';

export type { Arms, Plan, PlanPhase } from './plan-types.ts';

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false });
const isPlan = ajv.compile<WrittenPlan>(schema);
/** Whether the phases can be put in order, whatever else is wrong with the plan. */
const hasPhases = ajv.compile<Pick<WrittenPlan, 'phases'>>({
  type: 'object',
  required: ['phases'],
  properties: { phases: { $ref: `${schema.$id}#/properties/phases` } },
});

/** Aliases multiply what a few lines expand to. */
const MOST_ALIASES = 100;

/** Parses a plan; `file` is its name in messages. Throws an InputError with every fault in it. */
export function parsePlan(text: string, file: string): Plan {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const source: PlanDocument = { document, lines, file };
  if (document.errors.length > 0) throw new InputError(document.errors.map((error) => yamlFault(source, error)));
  const written = expand(source);
  const valid = isPlan(written);
  const errors = valid ? [] : (isPlan.errors ?? []);
  const faults = [
    ...schemaFaults(source, errors),
    ...(hasPhases(written) ? orderFaults(source, written) : []),
    ...(valid
      ? [...lengthFaults(source, written), ...judgeFaults(source, written), ...armFaults(source, written)]
      : []),
  ];
  if (!valid || faults.length > 0) throw new InputError(faults.sort(byPlace));
  return planOf(written);
}

function expand({ document, file }: PlanDocument): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place: `${file}:1:1`, message, fix: 'write the values out' }], { cause });
  }
}

/** Down the file, as a reader goes. */
function byPlace(a: Fault, b: Fault): number {
  return a.place.localeCompare(b.place, 'en', { numeric: true });
}

/** The limit that a gate has in a plan: the plan's own where it sets one. */
export function thresholdIn(plan: Pick<Plan, 'gates'>, { name, threshold }: Pick<Gate, 'name' | 'threshold'>): number {
  return plan.gates[name]?.threshold ?? threshold;
}

function planOf(written: WrittenPlan): Plan {
  const { service, owner, runbook, replicas } = written;
  const steps = stepsOf(written.phases);
  return {
    ...{ service, owner, runbook, replicas, steps },
    phases: steps.filter(isJudged),
    ...settingsOf(written),
    gates: gatesOf(written),
    judge: judgeOf(written.judge),
    rehearsal: { shadow_hours: parseHours(written.rehearsal.shadow), ramp_hours: parseHours(written.rehearsal.ramp) },
  };
}

/** `rollback:` says in the strategy's words what the gate of the same name says in numbers. */
function gatesOf({ gates = {}, rollback }: WrittenPlan): Plan['gates'] {
  return rollback?.latency === undefined ? gates : { ...gates, latency: { threshold: rollback.latency } };
}

function judgeOf({ truth_delay, ...given }: WrittenJudge = {}): JudgeSettings {
  return judgeSettings(truth_delay === undefined ? given : { ...given, truth_delay_hours: parseHours(truth_delay) });
}

function schemaFaults(source: PlanDocument, errors: readonly ErrorObject[]): Fault[] {
  // Where a phase is neither or both of shadow and ramp, ajv also reports each branch it tried: one line is enough.
  // So it does of a key that cannot be one.
  return errors
    .filter(({ schemaPath, keyword }) => !/\/oneOf\/\d/.test(schemaPath) && keyword !== 'propertyNames')
    .map((error) => schemaFault(source, error));
}

function yamlFault({ lines, file }: PlanDocument, error: { pos: [number, number]; message: string }): Fault {
  const { line, col } = lines.linePos(error.pos[0]);
  return { place: `${file}:${line}:${col}`, message: error.message, fix: 'correct the YAML' };
}
