import type { LossTable } from '../../core/judge/loss-table.ts';

/** One row of a file of losses; hours since the epoch, `station` in order of appearance, `row` of the file, NaN: no loss. */
export type LossRow = { hour: number; station: number; row: number; stable: number; candidate: number };

type Columns = {
  hour: Int32Array;
  station: Int32Array;
  row: Int32Array;
  stable: Float64Array;
  candidate: Float64Array;
};

/** Rows in any order, 28 bytes each, until the last one is known. */
export class GatheredRows {
  length = 0;
  first_h = Number.POSITIVE_INFINITY;
  last_h = Number.NEGATIVE_INFINITY;
  #columns = columnsOf(1024);

  /** Hours from the first to the last. */
  get hours(): number {
    return this.last_h - this.first_h + 1;
  }

  add({ hour, station, row, stable, candidate }: LossRow): void {
    if (this.length === this.#columns.hour.length) this.#columns = columnsOf(2 * this.length, this.#columns);
    const [to, i] = [this.#columns, this.length++];
    to.hour[i] = hour;
    to.station[i] = station;
    to.row[i] = row;
    to.stable[i] = stable;
    to.candidate[i] = candidate;
    this.first_h = Math.min(this.first_h, hour);
    this.last_h = Math.max(this.last_h, hour);
  }

  at(i: number): LossRow {
    const { hour, station, row, stable, candidate } = this.#columns;
    return {
      hour: hour[i] ?? 0,
      station: station[i] ?? 0,
      row: row[i] ?? 0,
      stable: stable[i] ?? Number.NaN,
      candidate: candidate[i] ?? Number.NaN,
    };
  }

  /** Every row in its place of a table. A second row of a place is counted if it says the same, and handed to `onConflict` otherwise. */
  table(
    stations: readonly string[],
    onConflict: (row: LossRow, first: LossRow) => void,
  ): { table: LossTable; rows: number; duplicated_identical: number } {
    const cells = this.hours * stations.length;
    const stable_kw = new Float64Array(cells).fill(Number.NaN);
    const candidate_kw = new Float64Array(cells).fill(Number.NaN);
    /** Position among the rows, from 1, of what lies in a cell; 0: nothing. */
    const taken = new Int32Array(cells);
    let duplicated_identical = 0;
    for (let i = 0; i < this.length; i++) {
      const row = this.at(i);
      const cell = row.station * this.hours + row.hour - this.first_h;
      const before = taken[cell] ?? 0;
      if (before === 0) {
        taken[cell] = i + 1;
        stable_kw[cell] = row.stable;
        candidate_kw[cell] = row.candidate;
        continue;
      }
      const first = this.at(before - 1);
      if (Object.is(first.stable, row.stable) && Object.is(first.candidate, row.candidate)) duplicated_identical++;
      else onConflict(row, first);
    }
    const table = { stations, from_h: this.first_h, hours: this.hours, candidate_kw, stable_kw };
    return { table, rows: this.length, duplicated_identical };
  }
}

function columnsOf(length: number, before?: Columns): Columns {
  const columns = {
    hour: new Int32Array(length),
    station: new Int32Array(length),
    row: new Int32Array(length),
    stable: new Float64Array(length),
    candidate: new Float64Array(length),
  };
  if (before === undefined) return columns;
  columns.hour.set(before.hour);
  columns.station.set(before.station);
  columns.row.set(before.row);
  columns.stable.set(before.stable);
  columns.candidate.set(before.candidate);
  return columns;
}
