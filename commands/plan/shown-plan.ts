import { gatesFor } from '../../analysis/gates.ts';
import { stepsWithoutOnCall } from '../../core/calendar.ts';
import { stationsExposed } from '../../core/cohort.ts';
import { type Fleet, judgedPhases } from '../../core/compile/judged-phases.ts';
import { timedPhases } from '../../core/compile/phases.ts';
import { canaryPods } from '../../core/compile/rollout.ts';
import { productionTime } from '../../core/compile/target.ts';
import { pinsBeyondStep } from '../../core/effect/pins.ts';
import type { Gate } from '../../core/gate.ts';
import { detectable, stationsNeeded } from '../../core/judge/groups/power.ts';
import { guardPower, guardPowers } from '../../core/judge/guard-detects.ts';
import type { JudgedPhase } from '../../core/judged-phase.ts';
import { type Plan, type PlanPhase, thresholdIn } from '../../core/plan.ts';
import type { Calendar } from '../../core/plan-types.ts';
import { whenOf } from './when.ts';

/** A plan with what follows from it. */
export type ShownPlan = ReturnType<typeof shownPlan>;

export function shownPlan(plan: Plan, calendar: Calendar | null, fleet: Fleet) {
  const gates = gatesFor({ backtested: true });
  const judged = new Map(judgedPhases(plan, fleet).map((phase) => [phase.name, phase]));
  const phases = timedPhases(plan, { time: productionTime }).flatMap((phase) => {
    const seen = judged.get(phase.name);
    return seen === undefined
      ? []
      : { ...phase, ...foundIn(plan, phase, seen, gates), canary_pods: canaryPods(plan, phase) };
  });
  const when = whenOf(plan, calendar);
  const steps = plan.steps.map((step, index) => ({ ...step, ...(when[index] ?? { when: '', waits_for: [] }) }));
  const pins = pinsBeyondStep(plan, fleet);
  const warnings = [
    ...stepsWithoutOnCall(plan).map(({ name }) => `${name}: nobody is on call; add on_call with roles of team`),
    ...(pins === null ? [] : [`stations: ${pins}`]),
  ];
  return { plan, calendar, fleet, steps, phases, gates: gates.map((gate) => shownGate(plan, gate)), warnings };
}

export type ShownPhase = ShownPlan['phases'][number];

/** What a phase exposes, and what can be found in it. */
function foundIn(plan: Plan, phase: PlanPhase, judged: JudgedPhase, gates: readonly Gate[]) {
  const { stations, apart } = judged;
  const exposed = stations === null ? null : stationsExposed(stations, phase.weight_percent, apart);
  return {
    stations_exposed: exposed,
    accuracy: { ...guardPower(judged), otherwise: guardPowers(judged) },
    gates_detect: gates
      .filter(({ only }) => only === undefined || only === phase.kind)
      .map((gate) => ({ gate: gate.name, detects: gate.detects(judged, thresholdIn(plan, gate, phase)) })),
    detectable_change: stations === null || exposed === null ? null : detectableChange(stations, exposed),
  };
}

function shownGate(plan: Plan, gate: Gate) {
  return {
    ...{ name: gate.name, unit: gate.unit, only: gate.only ?? null },
    title: gate.title(thresholdIn(plan, gate)),
    threshold: thresholdIn(plan, gate),
    /** Limits of single phases. */
    own: plan.phases
      .filter((phase) => phase.gates[gate.name] !== undefined)
      .map((phase) => ({ phase: phase.name, threshold: thresholdIn(plan, gate, phase) })),
  };
}

/** Per spread of one station's ratio since/before: a usual and an unquiet one; null where the groups are too small to be compared. */
function detectableChange(stations: number, canary_stations: number) {
  return [0.1, 0.15].map((sigma_u) => ({
    sigma_u,
    change: detectable({ stations, canary_stations, sigma_u }),
    stations_for_5_percent: stationsNeeded({ sigma_u, change: 0.05, share: canary_stations / stations }),
  }));
}
