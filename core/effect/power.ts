import { stationsExposed } from '../cohort.ts';
import { detectable, stationsNeeded } from '../judge/groups/power.ts';
import type { PlanPhase } from '../plan.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

/** The change of users' outcomes that a plan is expected to see, and how much one station's ratio since/before usually varies. */
const WANTED = { change: 0.05, sigma_u: 0.1 };

/** Phases, new or changed, whose groups are too small to show what a plan is expected to see. */
export function powerEffects({ before, after, stations }: PlanChange): Effect[] {
  if (stations === null) return [];
  return after.phases.flatMap((phase) => {
    const was = before.phases.find(({ name }) => name === phase.name);
    const unseen = phase.kind === 'ramp' && phase.weight_percent < 100 && !isSame(was, phase);
    return unseen ? weak(phase, stations) : [];
  });
}

function weak({ weight_percent }: PlanPhase, stations: number): Effect[] {
  const canary_stations = stationsExposed(stations, weight_percent);
  const change = detectable({ stations, canary_stations, sigma_u: WANTED.sigma_u });
  if (change !== null && change <= WANTED.change) return [];
  const shows =
    change === null
      ? 'cannot show any change of engagement or feedback'
      : `shows a change of engagement or feedback from ${percent(change)} on`;
  const needed = stationsNeeded({ ...WANTED, share: weight_percent / 100 });
  return [
    {
      rule: 'underpowered-phase',
      severity: 'notice',
      sentence: `The phase at ${weight_percent} %, about ${canary_stations} stations, ${shows}: ${percent(WANTED.change)} would need ${needed} in the canary. Accuracy is judged on every station all the same.`,
    },
  ];
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
