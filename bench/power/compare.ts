import { lossPower } from '../../core/judge/loss-power.ts';
import type { LossSpread } from '../../core/judge/loss-spread.ts';
import { guardSays } from '../judge/trial.ts';
import { fleetPath } from './fleet-path.ts';
import { randomOf, type WorldOf } from './spread.ts';

/** True losses, and judged hours at the end of shadows of 3, 7, 14 and 28 days with a truth delay of 6 h. */
export const LOSSES = [0.02, 0.05, 0.1, 0.15] as const;
export const LENGTHS = [
  { days: 3, judged_hours: 41 },
  { days: 7, judged_hours: 137 },
  { days: 14, judged_hours: 305 },
  { days: 28, judged_hours: 641 },
] as const;

/** So many points may a prediction be off by, as docs/judging-proof.md says. */
export const TOLERANCE_POINTS = 15;

/** Power, a share, of the guard against one loss by the end of one length. */
export type Compared = { stations: number; days: number; loss: number; predicted: number; simulated: number };

/** Runs `runs` releases of each size of fleet and each loss through the guard, and asks the formula for the same. */
export function comparePower(
  worldOf: WorldOf,
  sizes: readonly number[],
  { spread, runs, seed }: { spread: LossSpread; runs: number; seed: number },
): Compared[] {
  return sizes.flatMap((stations) => {
    const world = worldOf(stations);
    const aborts = LOSSES.map((): number[] => []);
    for (let run = 0; run < runs; run++) {
      const path = fleetPath(world, stations, randomOf(seed, 1, stations, run));
      for (const [i, loss] of LOSSES.entries()) aborts[i]?.push(guardSays(path, loss).abort);
    }
    return LENGTHS.flatMap(({ days, judged_hours }) =>
      LOSSES.map((loss, i) => {
        const found = (aborts[i] ?? []).filter((hour) => hour <= judged_hours).length;
        const phase = { stations, judged_hours, arms: 1, accepted_loss: false };
        return { stations, days, loss, predicted: lossPower(loss, phase, spread), simulated: found / runs };
      }),
    );
  });
}
