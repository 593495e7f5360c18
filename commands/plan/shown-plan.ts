import { gatesFor } from '../../analysis/gates.ts';
import { stepsWithoutOnCall } from '../../core/calendar.ts';
import { stationsExposed } from '../../core/cohort.ts';
import { timedPhases } from '../../core/compile/phases.ts';
import { canaryPods } from '../../core/compile/rollout.ts';
import { productionTime } from '../../core/compile/target.ts';
import { detectable, stationsNeeded } from '../../core/judge/groups/power.ts';
import { type Plan, thresholdIn } from '../../core/plan.ts';
import type { Calendar } from '../../core/plan-types.ts';
import { whenOf } from './when.ts';

/** A plan with what follows from it; `stations`: of the fleet, null where nobody said how many there are. */
export type ShownPlan = ReturnType<typeof shownPlan>;

export function shownPlan(plan: Plan, calendar: Calendar | null, stations: number | null) {
  const phases = timedPhases(plan, { time: productionTime }).map((phase) => ({
    ...phase,
    canary_pods: canaryPods(plan, phase),
    stations_exposed: stations === null ? null : stationsExposed(stations, phase.weight_percent),
    detectable_change: stations === null ? null : detectableChange(stations, phase),
  }));
  const gates = gatesFor({ backtested: true }).map((gate) => ({
    ...{ name: gate.name, unit: gate.unit, only: gate.only ?? null },
    title: gate.title(thresholdIn(plan, gate)),
    threshold: thresholdIn(plan, gate),
    /** Limits of single phases. */
    own: plan.phases
      .filter((phase) => phase.gates[gate.name] !== undefined)
      .map((phase) => ({ phase: phase.name, threshold: thresholdIn(plan, gate, phase) })),
  }));
  const when = whenOf(plan, calendar);
  const steps = plan.steps.map((step, index) => ({ ...step, ...(when[index] ?? { when: '', waits_for: [] }) }));
  const warnings = stepsWithoutOnCall(plan).map(
    ({ name }) => `${name}: nobody is on call; add on_call with roles of team`,
  );
  return { plan, calendar, steps, phases, gates, warnings };
}

export type ShownPhase = ReturnType<typeof timedPhases>[number] & {
  canary_pods: number;
  stations_exposed: number | null;
  detectable_change: DetectableChange | null;
};

/** Per spread of one station's ratio since/before: a usual and an unquiet one; null where the groups are too small to be compared. */
type DetectableChange = { sigma_u: number; change: number | null; stations_for_5_percent: number }[];

function detectableChange(stations: number, { weight_percent }: { weight_percent: number }): DetectableChange {
  const canary_stations = stationsExposed(stations, weight_percent);
  return [0.1, 0.15].map((sigma_u) => ({
    sigma_u,
    change: detectable({ stations, canary_stations, sigma_u }),
    stations_for_5_percent: stationsNeeded({ sigma_u, change: 0.05, share: weight_percent / 100 }),
  }));
}
