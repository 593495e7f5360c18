import { isoOfHour, MOST_KW, type Station } from '../core/telemetry.ts';
import { cellNumber, cellText } from './cells.ts';
import type { Description } from './description.ts';
import { type FaultList, quoted } from './fault-list.ts';
import { rowHour } from './row-time.ts';
import { MOST_STATIONS } from './stations.ts';

const MOST_HOURS = 100_000;
const MOST_CELLS = 200_000_000;
const COMMA = 0x2c;
/** Rows are gathered in blocks, as their number is known only after the last. */
const BLOCK_HOURS = 256;

export type Observations = { start_h: number; hours: number; values_kw: Float64Array[] };

/** The rows of `observations.csv.gz`, checked and gathered one by one. */
export class Table {
  /** Whether a limit is broken, so that reading on is useless. */
  full = false;
  readonly #file: string;
  readonly #stations: readonly Station[] | undefined;
  readonly #description: Description;
  readonly #faults: FaultList;
  #columns: string[] = [];
  /** Station of each column; -1 where there is none. */
  #stationOf = new Int32Array(0);
  #row = 0;
  #start_h = 0;
  #previous_h = 0;
  #hours = 0;
  readonly #blocks: Float64Array[] = [];

  constructor(file: string, stations: readonly Station[] | undefined, description: Description, faults: FaultList) {
    this.#file = file;
    this.#stations = stations;
    this.#description = description;
    this.#faults = faults;
  }

  get columns(): number {
    return this.#columns.length;
  }

  line(bytes: Buffer, start: number, end: number): void {
    if (this.full) return;
    this.#row += 1;
    if (this.#row === 1) this.#header(cellText(bytes, start, end));
    else this.#values(bytes, start, end);
  }

  #fault(column: string, message: string, fix: string): void {
    const place = column === '' ? '' : ` column ${column}`;
    this.#faults.add(`${this.#file} row ${this.#row}${place}`, message, fix);
  }

  #header(text: string): void {
    const [time, ...ids] = text.replace(/^\uFEFF/, '').split(',');
    if (time !== 'time_utc') this.#fault('1', `is headed ${quoted(time ?? '')}`, 'head the first column time_utc');
    this.#columns = ids;
    this.#stationOf = new Int32Array(ids.length).fill(-1);
    if (ids.length > MOST_STATIONS) this.#stop(`has ${ids.length} station columns`, `at most ${MOST_STATIONS} fit`);
    const places = new Map(this.#stations?.map(({ station_id }, s) => [station_id, s]));
    const seen = new Set<string>();
    for (const [column, id] of ids.entries()) {
      const station = places.get(id);
      if (seen.has(id)) this.#fault(id, 'is there twice', 'keep one');
      else if (station !== undefined) this.#stationOf[column] = station;
      else if (this.#stations !== undefined)
        this.#fault(String(column + 2), `${quoted(id)} is no station`, 'add it to stations.csv or drop the column');
      seen.add(id);
    }
    for (const id of places.keys())
      if (!seen.has(id)) this.#fault(id, 'is missing', 'add the column or drop the station from stations.csv');
  }

  #values(bytes: Buffer, start: number, end: number): void {
    if (this.#hours === MOST_HOURS || (this.#hours + 1) * this.#columns.length > MOST_CELLS) {
      this.#stop('is beyond what fits', `split the set: at most ${MOST_HOURS} hours and ${MOST_CELLS} cells`);
      return;
    }
    const comma = bytes.subarray(start, end).indexOf(COMMA);
    const afterTime = comma === -1 ? end : start + comma;
    this.#time(cellText(bytes, start, Math.min(afterTime, start + 64)));
    const cells = afterTime === end ? 0 : this.#cells(bytes, afterTime + 1, end);
    if (cells !== this.#columns.length) {
      const message = `has ${cells + 1} cells, the header ${this.#columns.length + 1}`;
      this.#fault('', message, 'give every column a cell, empty where a reading is missing');
    }
    this.#hours += 1;
  }

  #time(text: string): void {
    const hour = rowHour(text);
    const wrong = (message: string, fix: string) => this.#fault('time_utc', `${quoted(text)} ${message}`, fix);
    if (typeof hour !== 'number') {
      wrong(hour.message, hour.fix);
      // Nothing can be said about the next row's hour either: no comparison with NaN holds.
      this.#previous_h = Number.NaN;
      return;
    }
    if (this.#hours === 0) this.#start_h = hour;
    else if (hour === this.#previous_h) wrong('repeats the hour of the row before', 'keep one row per hour');
    else if (hour < this.#previous_h) wrong(`comes after ${isoOfHour(this.#previous_h)}`, 'sort the rows by time');
    else if (hour > this.#previous_h + 1) {
      const from = isoOfHour(this.#previous_h + 1);
      wrong(`leaves out ${hour - this.#previous_h - 1} h from ${from}`, 'add a row for every hour, cells empty');
    }
    this.#previous_h = hour;
  }

  /** How many cells there were; those beyond the header are not kept. */
  #cells(bytes: Buffer, from: number, end: number): number {
    const row = this.#hours % BLOCK_HOURS;
    if (row === 0) this.#blocks.push(new Float64Array(this.#columns.length * BLOCK_HOURS).fill(Number.NaN));
    const block = this.#blocks.at(-1) as Float64Array;
    const { multiply, divide } = this.#description;
    let column = 0;
    for (let start = from, i = from; i <= end; i += 1) {
      if (i !== end && bytes[i] !== COMMA) continue;
      const reading = cellNumber(bytes, start, i);
      const kw = reading === undefined ? Infinity : (reading * multiply) / divide;
      if (Math.abs(kw) > MOST_KW) this.#badCell(column, cellText(bytes, start, Math.min(i, start + 64)), reading);
      else if (column < this.#columns.length) block[column * BLOCK_HOURS + row] = kw;
      column += 1;
      start = i + 1;
    }
    return column;
  }

  #badCell(column: number, text: string, reading: number | undefined): void {
    const message = reading === undefined ? 'is not a number' : `is more than ${MOST_KW} kW`;
    const fix = 'mend it, or leave the cell empty if the reading is missing';
    this.#fault(this.#columns[column] ?? String(column + 2), `${quoted(text)} ${message}`, fix);
  }

  #stop(message: string, fix: string): void {
    this.#fault('', message, fix);
    this.full = true;
  }

  /** One series per station, in the order of `stations.csv`; hours named by their end. */
  finish(): Observations {
    if (this.#row === 0) this.#faults.add(this.#file, 'is empty', 'add a header and a row for every hour');
    else if (this.#hours === 0) this.#faults.add(this.#file, 'has no row', 'add a row for every hour');
    const hours = this.#hours;
    const start_h = this.#start_h + this.#description.to_hour_end;
    if (!this.#faults.empty) return { start_h, hours, values_kw: [] };
    const values_kw = Array.from(this.#stations ?? [], () => new Float64Array(hours));
    for (const [b, block] of this.#blocks.entries()) {
      const rows = Math.min(BLOCK_HOURS, hours - b * BLOCK_HOURS);
      for (const [column, station] of this.#stationOf.entries()) {
        const from = column * BLOCK_HOURS;
        values_kw[station]?.set(block.subarray(from, from + rows), b * BLOCK_HOURS);
      }
    }
    return { start_h, hours, values_kw };
  }
}
