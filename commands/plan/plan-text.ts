import { gatesFor } from '../../analysis/gates.ts';
import { stationsExposed } from '../../core/cohort.ts';
import { timedPhases } from '../../core/compile/phases.ts';
import { canaryPods } from '../../core/compile/rollout.ts';
import { productionTime } from '../../core/compile/target.ts';
import { formatHours } from '../../core/duration.ts';
import { detectable, stationsNeeded } from '../../core/judge/groups/power.ts';
import { type Plan, thresholdIn } from '../../core/plan.ts';
import { textTable } from '../text-table.ts';
import { judgeRows } from './judge-rows.ts';

/** A plan with what follows from it; `stations`: of the fleet, null where nobody said how many there are. */
export type ShownPlan = ReturnType<typeof shownPlan>;

export function shownPlan(plan: Plan, stations: number | null) {
  const phases = timedPhases(plan, { time: productionTime }).map((phase) => ({
    ...phase,
    canary_pods: canaryPods(plan, phase),
    stations_exposed: stations === null ? null : stationsExposed(stations, phase.weight_percent),
    detectable_change: stations === null ? null : detectableChange(stations, phase),
  }));
  const gates = gatesFor({ backtested: true }).map((gate) => ({
    ...{ name: gate.name, title: gate.title, unit: gate.unit },
    threshold: thresholdIn(plan, gate),
  }));
  return { plan, phases, gates };
}

export function planText({ plan, phases, gates }: ShownPlan): string {
  const hours = phases.reduce((sum, phase) => sum + phase.hours, 0);
  const peak = plan.replicas + Math.max(...phases.map(({ canary_pods }) => canary_pods));
  const rows = phases.map((phase) => phaseRow(plan, phase));
  const ramps = phases.filter(({ kind, detectable_change }) => kind === 'ramp' && detectable_change !== null);
  return [
    `${plan.service} (${plan.owner}): ${formatHours(hours)} in all, ${plan.replicas} pods, ${peak} at the peak`,
    textTable([['phase', 'stations', 'mirrored', 'pods', 'for', 'judged hours']], rows).join('\n'),
    ...(ramps.length === 0 ? [] : [ramps.map(detectableLine).join('\n')]),
    textTable([['gate', 'threshold', 'good is']], gates.map(gateRow)).join('\n'),
    textTable([['judge', 'value', 'meaning']], judgeRows(plan.judge)).join('\n'),
  ].join('\n\n');
}

type ShownPhase = ReturnType<typeof timedPhases>[number] & {
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

/** What the plan's users may promise themselves of comparing what stations do in the two groups. */
function detectableLine({ name, detectable_change }: ShownPhase): string {
  const changes = (detectable_change ?? []).flatMap(({ sigma_u, change, stations_for_5_percent }) =>
    change === null
      ? []
      : `${(100 * change).toFixed(1)} % where stations vary by ${100 * sigma_u} % (5 %: from ${stations_for_5_percent} in the canary, looked at once)`,
  );
  return changes.length === 0
    ? `${name}: too few stations in a group to compare engagement and feedback`
    : `${name}: a change of engagement or feedback shows from ${changes.join(' or ')}`;
}

function phaseRow({ replicas }: Plan, phase: ShownPhase): string[] {
  const { name, weight_percent, mirror_percent, hours, min_hours, stations_exposed, canary_pods } = phase;
  const stations = stations_exposed === null ? '' : `, about ${stations_exposed}`;
  const pods = `${replicas} + ${canary_pods}`;
  return [name, `${weight_percent} %${stations}`, `${mirror_percent} %`, pods, formatHours(hours), `≥ ${min_hours}`];
}

function gateRow({ name, title, threshold, unit }: { name: string; title: string; threshold: number; unit: string }) {
  return [name, `${threshold} ${unit}`, title];
}
