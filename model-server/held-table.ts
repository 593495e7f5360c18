import type { Learning } from './predictor.ts';
import { rowOf } from './row-of.ts';
import type { LearnedTable } from './state-file.ts';

/** A table in which stations are found by their names. */
export type HeldTable = { table: LearnedTable; rows: ReadonlyMap<string, number> };

export function heldTable(table: LearnedTable): HeldTable {
  return { table, rows: new Map(table.station_ids.map((station_id, row) => [station_id, row])) };
}

/** Rows of a table in the order of `station_ids`; a station that it does not have is at its beginning, as all are where there is no table. */
export function statesOf(
  { size, initial }: Learning,
  held: HeldTable | undefined,
  station_ids: readonly string[],
): Float64Array {
  const states = new Float64Array(station_ids.length * size);
  for (const [at, station_id] of station_ids.entries()) {
    const row = held?.rows.get(station_id);
    const known = held === undefined || row === undefined ? undefined : rowOf(held.table.states, row, size);
    states.set(known ?? initial(station_id), at * size);
  }
  return states;
}
