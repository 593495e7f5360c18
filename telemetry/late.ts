import { isoOfHour, type LogEntryInput, type Observation, type Telemetry } from '../core/telemetry.ts';

/** Some readings arrive hours after their hour, as they do from real stations. */
export type LateRule = {
  /** Share of the station-hours that are late. */
  share: number;
  /** A late reading is 1 to this many hours late, each as likely. */
  max_h: number;
};

/** The scorer closes a target hour 6 h after its end, so no reading of the default rule misses its hour. */
export const usualLateness: LateRule = { share: 0.005, max_h: 5 };

/** Hours by which this reading is late, 0 for most: a function of seed, station and hour alone. */
export function lateHours(seed: number, station_id: string, hour: number, rule = usualLateness): number {
  return lateness(rule, stationKey(seed, station_id), hour);
}

/**
 * One entry per hour of `from_h … to_h`, both included: what becomes known in that hour, readings of earlier hours first.
 * An entry depends on nothing but its own hour, so a replay may stop and go on: late readings of hours before `from_h` come too.
 */
export function* logEntries(
  telemetry: Telemetry,
  from_h: number,
  to_h: number,
  seed: number,
  rule = usualLateness,
): Generator<LogEntryInput, void, void> {
  const last_h = telemetry.start_h + telemetry.hours - 1;
  if (from_h < telemetry.start_h || to_h > last_h)
    throw new RangeError(`hours ${from_h}-${to_h} are not all in ${telemetry.name}, ${telemetry.start_h}-${last_h}`);
  const keys = telemetry.stations.map(({ station_id }) => stationKey(seed, station_id));
  for (let hour = from_h; hour <= to_h; hour += 1) yield entryOf(telemetry, hour, rule, keys);
}

function entryOf(telemetry: Telemetry, hour: number, rule: LateRule, keys: readonly number[]): LogEntryInput {
  const observations: Observation[] = [];
  for (let late_h = Math.min(rule.max_h, hour - telemetry.start_h); late_h >= 0; late_h -= 1) {
    const target_h = hour - late_h;
    const target_time = isoOfHour(target_h);
    for (const [s, { station_id }] of telemetry.stations.entries()) {
      if (lateness(rule, keys[s] as number, target_h) !== late_h) continue;
      const value = telemetry.values_kw[s]?.[target_h - telemetry.start_h] ?? Number.NaN;
      observations.push({ station_id, target_time, value_kw: Number.isNaN(value) ? null : value });
    }
  }
  return { available_at: isoOfHour(hour), observations };
}

function lateness(rule: LateRule, key: number, hour: number): number {
  const draw = mixed(key ^ mixed(hour)) / 2 ** 32;
  return draw < rule.share ? 1 + Math.floor((draw / rule.share) * rule.max_h) : 0;
}

/** FNV-1a over the id, begun from the seed. */
function stationKey(seed: number, station_id: string): number {
  let key = mixed(seed) ^ 0x811c9dc5;
  for (let i = 0; i < station_id.length; i += 1) key = Math.imul(key ^ station_id.charCodeAt(i), 0x01000193);
  return mixed(key);
}

/** The finaliser of MurmurHash3: every bit of the result hangs on every bit of the number. */
function mixed(number: number): number {
  let x = number | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
