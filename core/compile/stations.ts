import type { Apart } from '../cohort.ts';
import { type Fault, InputError } from '../input-error.ts';
import { type PlaceOf, pathText } from '../plan-file.ts';
import type { StationRules, StationSelector } from '../plan-types.ts';

/** Ids of the stations that do not go with the shares, each list in order. */
export type StationsApart = { pinned: string[]; kept_out: string[] };

/** How many they are. */
export function apartCounts({ pinned, kept_out }: StationsApart): Apart {
  return { pinned: pinned.length, kept_out: kept_out.length };
}

export type InventoryRow = { station_id: string; region: string; criticality: string };

/** Largest program that Envoy makes of a regular expression (runtime key re2.max_program_size.error_level) where Istio starts it; its own default is 100. */
export const ENVOY_PROGRAM = 32_768;

/**
 * Each list travels as one regular expression that Envoy tries at each request, and may have so many bytes. Pinned stations are in the
 * VirtualService, of which Istio's validation refuses longer ones; those that are kept out are in an EnvoyFilter, which it does not read. Envoy's
 * program of ids has no more instructions than their expression has bytes, and a few.
 */
const bounds = {
  pinned: { of: 'Istio', bytes: 1024 },
  kept_out: { of: 'Envoy', bytes: ENVOY_PROGRAM - 8 },
};

/**
 * Finds the stations that a plan's selectors mean. Throws an InputError with every selector that means none, and every station that is meant
 * twice; `placeOf` says where in the plan.
 */
export function stationsApart(
  rules: StationRules,
  inventory: readonly InventoryRow[],
  placeOf: PlaceOf = pathText,
): StationsApart {
  const faults: Fault[] = [];
  const pinned = idsOf('pinned', { rules, inventory, placeOf }, faults);
  const kept_out = idsOf('kept_out', { rules, inventory, placeOf }, faults);
  const both = pinned.filter((id) => kept_out.includes(id));
  if (both.length > 0)
    faults.push({
      place: placeOf(['stations']),
      message: `${named(both)} are pinned and kept out`,
      fix: 'narrow one of the two lists',
    });
  if (faults.length > 0) throw new InputError(faults);
  return { pinned, kept_out };
}

type Asked = { rules: StationRules; inventory: readonly InventoryRow[]; placeOf: PlaceOf };

function idsOf(list: 'pinned' | 'kept_out', { rules, inventory, placeOf }: Asked, faults: Fault[]): string[] {
  const found = rules[list].flatMap((selector, index) => {
    const ids = meant(selector, rules, inventory);
    if (ids.length === 0)
      faults.push({
        place: placeOf(['stations', list, index]),
        message: `no station of ${rules.inventory ?? 'the plan'} is ${JSON.stringify(selector)}`,
        fix: 'correct the selector, or add the station to the inventory',
      });
    return ids;
  });
  const ids = [...new Set(found)].sort();
  const bytes = Buffer.byteLength(anyOf(ids));
  const bound = bounds[list];
  if (bytes > bound.bytes)
    faults.push({
      place: placeOf(['stations', list]),
      message: `${ids.length} stations are an expression of ${bytes} bytes, and ${bound.of} takes ${bound.bytes} here`,
      fix:
        list === 'pinned'
          ? 'pin fewer, and let a ramp reach the rest'
          : 'keep fewer out; so many need a release of their own',
    });
  return ids;
}

/** An id needs no inventory; where there is one it must be in it, or a misspelt id would silently go with the shares. */
function meant(
  { id, region, criticality }: StationSelector,
  { inventory }: StationRules,
  rows: readonly InventoryRow[],
) {
  if (id !== undefined && inventory === null) return [id];
  return rows
    .filter((row) =>
      id !== undefined
        ? row.station_id === id
        : region !== undefined
          ? row.region === region
          : row.criticality === criticality,
    )
    .map(({ station_id }) => station_id);
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(', ');
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}

/** A regular expression (RE2, of the whole value) that these ids match and nothing else does. */
export function anyOf(ids: readonly string[]): string {
  return ids.map((id) => id.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|');
}
