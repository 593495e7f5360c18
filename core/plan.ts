import { parseHours } from './duration.ts';
import { type Gate, isFloor } from './gate.ts';
import { type Fault, InputError } from './input-error.ts';
import { type JudgeSettings, judgeSettings } from './judge/settings.ts';
import { planDocument, type WrittenJudge, type WrittenPlan } from './plan-file.ts';
import { settingsOf } from './plan-settings.ts';
import { isJudged, stepsOf } from './plan-steps.ts';
import { topicFaults } from './plan-topics.ts';
import type { Plan } from './plan-types.ts';
import { isPlan } from './plan-validator.mjs';
import { schemaFaults } from './schema-fault.ts';
import { yamlValue } from './yaml-value.ts';

export type { Arms, Plan, PlanPhase } from './plan-types.ts';

/** Parses a plan; `file` is its name in messages. Throws an InputError with every fault in it. */
export function parsePlan(text: string, file: string): Plan {
  const source = planDocument(text, file);
  const written = yamlValue(source);
  const valid = isPlan(written);
  const errors = valid ? [] : (isPlan.errors ?? []);
  const faults = [...schemaFaults(source, errors), ...topicFaults(source, written, errors)];
  if (!valid || faults.length > 0) throw new InputError(faults.sort(byPlace));
  return planOf(written);
}

/** Down the file, as a reader goes. */
function byPlace(a: Fault, b: Fault): number {
  return a.place.localeCompare(b.place, 'en', { numeric: true });
}

type Limits = Pick<Plan, 'gates'>;

/** The limit that a gate has in a phase of a plan: the phase's own where it sets one, else the plan's, else the gate's. */
export function thresholdIn(
  plan: Limits,
  { name, threshold }: Pick<Gate, 'name' | 'threshold'>,
  phase: Limits = plan,
): number {
  return (phase.gates[name] ?? plan.gates[name])?.threshold ?? threshold;
}

/** The limit with which the most passes, of all phases: a floor (coverage) is looser when it is lower, a limit when it is higher. */
export function loosestThreshold(plan: Plan, gate: Gate): number {
  const limits = [plan, ...plan.phases].map((phase) => thresholdIn(plan, gate, phase));
  return isFloor(gate) ? Math.min(...limits) : Math.max(...limits);
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
