import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import type { StationSelector } from './plan-types.ts';

type Chosen = { list: 'pinned' | 'kept_out'; index: number; by: string; value: string };

/** Stations that are chosen twice, or by what nothing says of them. */
export function stationFaults(source: PlanDocument, { stations = {} }: Pick<WrittenPlan, 'stations'>): Fault[] {
  const chosen = [...choices('pinned', stations.pinned), ...choices('kept_out', stations.kept_out)];
  return chosen.flatMap((choice, position) => {
    const earlier = chosen.slice(0, position).find(({ by, value }) => by === choice.by && value === choice.value);
    return [
      ...(earlier === undefined ? [] : [twice(source, choice, earlier)]),
      ...(choice.by === 'id' || stations.inventory !== undefined ? [] : [unknown(source, choice)]),
    ];
  });
}

function choices(list: Chosen['list'], selectors: readonly StationSelector[] = []): Chosen[] {
  return selectors.flatMap((selector, index) =>
    Object.entries(selector).map(([by, value]) => ({ list, index, by, value })),
  );
}

function twice(source: PlanDocument, { list, index, by, value }: Chosen, earlier: Chosen): Fault {
  const where = `stations.${earlier.list}[${earlier.index}]`;
  const contradicts = list !== earlier.list;
  return faultAt(source, ['stations', list, index, by], {
    message: contradicts
      ? `${by} "${value}" is kept out here and pinned in ${where}`
      : `${by} "${value}" is in ${where} too`,
    fix: 'remove one of the two',
  });
}

function unknown(source: PlanDocument, { list, index, by, value }: Chosen): Fault {
  return faultAt(source, ['stations', list, index, by], {
    message: `which stations have the ${by} "${value}" is said nowhere`,
    fix: 'add stations.inventory, a CSV file with station_id, region, criticality',
  });
}
