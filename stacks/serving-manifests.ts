import { compile, type Manifest, manifestList } from '../core/compile/compile.ts';
import type { ConfigMap } from '../core/compile/config-map.ts';
import type { Target } from '../core/compile/target.ts';
import type { Gate } from '../core/gate.ts';
import type { Plan } from '../core/plan.ts';
import { guards, type NetworkPolicy, type PodDisruptionBudget } from './guards.ts';
import { planRecord } from './plan-record.ts';
import { type Deployment, type Scoring, scoringManifests } from './scoring.ts';

export type ServingInputs = {
  plan: Plan;
  /** The plan as its file writes it. */
  plan_text: string;
  gates: readonly Gate[];
  target: Target;
  scoring: Scoring;
  /** Releases that the cluster aborted up to now, the earliest first. */
  aborted: readonly string[];
};

export type ServingManifest = Manifest | Deployment | ConfigMap | PodDisruptionBudget | NetworkPolicy;

/** Every object of a service. */
export function servingManifests({
  plan,
  plan_text,
  gates,
  target,
  scoring,
  aborted,
}: ServingInputs): ServingManifest[] {
  return [
    ...scoringManifests(plan, target, scoring),
    ...guards(plan, target, scoring),
    planRecord(plan, plan_text, { target, scoring }, aborted),
    ...manifestList(compile(plan, gates, target)),
  ];
}
