import type { LossTable } from '../../core/judge/loss-table.ts';
import { isoOfHour, MOST_KW } from '../../core/telemetry.ts';
import { cellNumber } from '../../telemetry/cells.ts';
import { type FaultList, quoted } from '../../telemetry/fault-list.ts';
import { rowHour } from '../../telemetry/row-time.ts';
import { MOST_STATIONS } from '../../telemetry/stations.ts';
import { GatheredRows, type LossRow } from './gathered-rows.ts';

const columns = ['target_time', 'station_id', 'stable_abs_error_kw', 'candidate_abs_error_kw'] as const;
type Column = (typeof columns)[number];
const expected = `use the columns ${columns.join(', ')}, separated by commas`;

const MOST_ROWS = 10_000_000;
const MOST_HOURS = 100_000;
const MOST_CELLS = 20_000_000;
const LONGEST_ID = 128;

export type LossesRead = { table: LossTable; rows: number; duplicated_identical: number };

/** The rows of a file of losses, checked one by one, in any order of rows and columns. */
export class LossRows {
  /** Whether reading on is useless: a limit or the header is broken. */
  full = false;
  readonly #file: string;
  readonly #faults: FaultList;
  #header: readonly string[] | null = null;
  readonly #stations = new Map<string, number>();
  readonly #rows = new GatheredRows();

  constructor(file: string, faults: FaultList) {
    this.#file = file;
    this.#faults = faults;
  }

  take(cells: readonly string[], row: number): void {
    if (this.full) return;
    if (this.#header !== null) this.#values(this.#header, cells, row);
    else {
      this.#header = cells;
      this.#checkHeader(cells, row);
    }
  }

  /** The table of all rows; null after telling why there is none. */
  finish(): LossesRead | null {
    const { hours, length, first_h, last_h } = this.#rows;
    const stations = [...this.#stations.keys()];
    const told = (message: string, fix: string) => {
      this.#faults.add(this.#file, message, fix);
      return null;
    };
    if (length === 0) return told('has no row of losses', `${expected}, and give a row for each station and hour`);
    if (hours > MOST_HOURS || hours * stations.length > MOST_CELLS) {
      const message = `spans ${hours} hours (${isoOfHour(first_h)} to ${isoOfHour(last_h)}) of ${stations.length} stations`;
      return told(
        message,
        `mend a wrong time or split the file: ${MOST_HOURS} hours and ${MOST_CELLS} station-hours fit`,
      );
    }
    return this.#rows.table(stations, (row, first) => this.#twice(stations[row.station] ?? '', row, first));
  }

  #fault(row: number, column: string, message: string, fix: string): null {
    this.#faults.add(`${this.#file}:${row}${column === '' ? '' : ` column ${column}`}`, message, fix);
    return null;
  }

  #stop(row: number, column: string, message: string, fix: string): null {
    this.full = true;
    return this.#fault(row, column, message, fix);
  }

  #checkHeader(cells: readonly string[], row: number): void {
    for (const [i, name] of cells.entries())
      if (!columns.some((known) => known === name))
        this.#fault(row, String(i + 1), `${quoted(name)} is no column of a file of losses`, expected);
      else if (cells.indexOf(name) !== i) this.#fault(row, name, 'is there twice', 'keep one');
    // Without its columns nothing can be said of a row.
    for (const name of columns) if (!cells.includes(name)) this.#stop(row, name, 'is missing', expected);
  }

  #values(header: readonly string[], cells: readonly string[], row: number): void {
    if (cells.length !== header.length) {
      const fix = 'give every column a cell, empty where a side has no loss';
      this.#fault(row, '', `has ${cells.length} cells, the header ${header.length}`, fix);
      return;
    }
    if (this.#rows.length === MOST_ROWS) {
      this.#stop(row, '', `is beyond the ${MOST_ROWS} rows that fit`, 'split the file');
      return;
    }
    const cell = (column: Column) => cells[header.indexOf(column)] ?? '';
    const hour = this.#hour(cell('target_time'), row);
    const station = this.#station(cell('station_id'), row);
    const stable = this.#loss(cell('stable_abs_error_kw'), 'stable_abs_error_kw', row);
    const candidate = this.#loss(cell('candidate_abs_error_kw'), 'candidate_abs_error_kw', row);
    if (hour !== null && station !== null && stable !== null && candidate !== null)
      this.#rows.add({ hour, station, row, stable, candidate });
  }

  #hour(text: string, row: number): number | null {
    const hour = rowHour(text);
    return typeof hour === 'number'
      ? hour
      : this.#fault(row, 'target_time', `${quoted(text)} ${hour.message}`, hour.fix);
  }

  #station(id: string, row: number): number | null {
    const known = this.#stations.get(id);
    if (known !== undefined) return known;
    if (id === '' || id.length > LONGEST_ID)
      return this.#fault(row, 'station_id', `${quoted(id)} is no station id`, `use 1 to ${LONGEST_ID} characters`);
    if (this.#stations.size === MOST_STATIONS)
      return this.#stop(
        row,
        'station_id',
        `${quoted(id)} is beyond the ${MOST_STATIONS} stations that fit`,
        'split it',
      );
    this.#stations.set(id, this.#stations.size);
    return this.#stations.size - 1;
  }

  /** NaN for an empty cell: this side has no loss. */
  #loss(text: string, column: Column, row: number): number | null {
    const bytes = Buffer.from(text);
    const value = cellNumber(bytes, 0, bytes.length);
    const wrong = (message: string, fix: string) => this.#fault(row, column, `${quoted(text)} ${message}`, fix);
    if (value === undefined) return wrong('is not a number', 'mend it, or leave the cell empty where there is no loss');
    if (value < 0) return wrong('is negative', 'give the absolute error');
    if (value > MOST_KW) return wrong(`is more than ${MOST_KW} kW`, 'give kW, and leave the cell empty for no loss');
    return value;
  }

  #twice(station: string, { hour, row, stable, candidate }: LossRow, first: LossRow): void {
    const values = `stable ${stable} and candidate ${candidate}, not ${first.stable} and ${first.candidate}`;
    const message = `${quoted(station)} at ${isoOfHour(hour)} is row ${first.row} already, with other values (${values})`;
    this.#fault(row, 'station_id', message, 'keep the right one');
  }
}
