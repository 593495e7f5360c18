import { type Apart, stationsExposed } from '../cohort.ts';
import { betsIn } from '../judge/groups/latency-power.ts';
import type { JudgedPhase } from '../judged-phase.ts';
import type { Plan } from '../plan.ts';
import { timedPhases } from './phases.ts';
import { productionTime } from './target.ts';

/** A fleet as far as it is known: null stations where nobody said how many there are. */
export type Fleet = { stations: number | null; apart: Apart };

/** A plan's phases as its gates see them in production, one after the other. */
export function judgedPhases(plan: Plan, { stations, apart }: Fleet): JudgedPhase[] {
  let latency_bets = 0;
  return timedPhases(plan, { time: productionTime }).map((phase) => {
    const answers_per_hour = stations === null ? null : answersOf(phase, stations, apart);
    if (answers_per_hour !== null) latency_bets += betsIn(phase.hours, answers_per_hour * leastShare(plan));
    return {
      ...{ name: phase.name, kind: phase.kind, weight: phase.weights.to, judged_hours: phase.judged_hours },
      ...{ stations, apart, answers_per_hour, latency_bets: stations === null ? null : latency_bets },
      arms: plan.arms === null ? 1 : Object.keys(plan.arms.shares).length,
      accepted_loss: plan.judge.accepted_loss !== null,
      patience_h: productionTime.window_s / 3600 / 2,
    };
  });
}

/** Each arm's latency is judged for itself: the one that answers the fewest is proven slow last. An arm without a share answers nothing. */
function leastShare({ arms }: Plan): number {
  if (arms === null) return 1;
  return Math.min(...Object.values(arms.shares).filter((percent) => percent > 0)) / 100;
}

/** The shadow's are copies. */
function answersOf({ weight_percent, mirror_percent }: Plan['phases'][number], stations: number, apart: Apart): number {
  return stationsExposed(stations, weight_percent, apart) + Math.round((stations * mirror_percent) / 100);
}
