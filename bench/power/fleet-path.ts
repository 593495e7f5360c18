import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { below } from '../judge/draws.ts';
import {
  addScaled,
  HISTORY_DAYS,
  meanOf,
  PATH_DAYS,
  PATH_HOURS,
  type Path,
  type Sides,
  sides,
  type World,
} from '../judge/path.ts';

/** A path of a release on some of a world's stations, live for as long as a path has hours. */
export type FleetPath = Pick<Path, 'history' | 'live'>;

/** Draws which stations the fleet has, and then what happens to them. */
export function fleetPath(world: World, stations: number, random: RandomGenerator): FleetPath {
  const fleet = someOf(world.stations, stations, random);
  const losses = world.path(random);
  const hourly = sides(PATH_HOURS);
  const [hours, days] = [sides(PATH_HOURS), sides(PATH_DAYS)];
  for (const station of fleet) {
    losses(station, hours, days);
    addScaled(hourly, hours, meanOf(days.stable, HISTORY_DAYS) * stations);
  }
  const cut = (from: number, to: number): Sides => ({
    candidate: hourly.candidate.subarray(from, to),
    stable: hourly.stable.subarray(from, to),
  });
  return { history: cut(0, 24 * HISTORY_DAYS), live: cut(24 * HISTORY_DAYS, PATH_HOURS) };
}

/** `count` of the numbers below `all`, each at most once. */
function someOf(all: number, count: number, random: RandomGenerator): number[] {
  if (count > all) throw new RangeError(`${count} stations are asked of ${all}`);
  const numbers = Array.from({ length: all }, (_, i) => i);
  return numbers.slice(0, count).map((_, i) => {
    const j = i + below(random, all - i);
    const [taken = i, left = j] = [numbers[j], numbers[i]];
    numbers[j] = left;
    return taken;
  });
}
