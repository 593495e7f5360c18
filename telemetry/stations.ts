import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type { Station } from '../core/telemetry.ts';
import { cellNumber } from './cells.ts';
import { type FaultList, isNoEntry, quoted } from './fault-list.ts';

export const MOST_STATIONS = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;

const ranges: Record<string, readonly [least: number, most: number]> = {
  lat: [-90, 90],
  lon: [-180, 180],
  rated_kva: [0, 1e12],
};

/** Station ids travel in an HTTP header and head a CSV column. */
const STATION_ID = /^[!#-+\--~](?:[ !#-+\--~]{0,126}[!#-+\--~])?$/;

/** `stations.csv` in its own order; undefined when it cannot be read at all. Columns it does not know are for people. */
export async function readStations(folder: string, faults: FaultList): Promise<Station[] | undefined> {
  const file = join(folder, 'stations.csv');
  const rows = await readRows(file, faults);
  if (rows === undefined) return undefined;
  const [header, ...lines] = rows;
  if (header === undefined || !checkHeader(file, header.cells, faults)) return undefined;
  if (lines.length === 0) faults.add(file, 'has no station', 'add a row for each');
  if (lines.length > MOST_STATIONS) {
    faults.add(file, `has ${lines.length} stations`, `split the set: at most ${MOST_STATIONS} fit`);
    return undefined;
  }
  const firstRow = new Map<string, number>();
  return lines.map(({ cells, row }) => {
    if (cells.length !== header.cells.length) {
      const message = `has ${cells.length} cells, the header ${header.cells.length}`;
      faults.add(`${file} row ${row}`, message, 'give every column a cell, and quote cells with commas');
      return { station_id: cells[header.cells.indexOf('station_id')] ?? '', name: '' };
    }
    return toStation(`${file} row ${row}`, header.cells, cells, row, firstRow, faults);
  });
}

type Row = { cells: string[]; row: number };

async function readRows(file: string, faults: FaultList): Promise<Row[] | undefined> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) {
      faults.add(file, `has ${size} bytes`, `keep it under ${MOST_BYTES}`);
      return undefined;
    }
    const rows: string[][] = parse(await readFile(file), {
      bom: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => [String(lines), ...cells],
    });
    return rows.map(([row, ...cells]) => ({ row: Number(row), cells }));
  } catch (error) {
    if (isNoEntry(error)) faults.add(file, 'is missing', 'add it, with the columns station_id and name');
    else if (error instanceof CsvError) faults.add(file, `is not CSV (${error.message})`, 'mend its quotes');
    else throw error;
    return undefined;
  }
}

function checkHeader(file: string, header: string[], faults: FaultList): boolean {
  let good = true;
  for (const name of ['station_id', 'name'])
    if (!header.includes(name)) {
      faults.add(`${file} row 1 column ${name}`, 'is missing', 'add the column');
      good = false;
    }
  for (const [i, name] of header.entries())
    if (header.indexOf(name) !== i) {
      faults.add(`${file} row 1 column ${name}`, 'is there twice', 'keep one');
      good = false;
    }
  return good;
}

function toStation(
  place: string,
  header: string[],
  cells: string[],
  row: number,
  firstRow: Map<string, number>,
  faults: FaultList,
): Station {
  const cell = (name: string) => cells[header.indexOf(name)] ?? '';
  const wrong = (column: string, message: string, fix: string) => faults.add(`${place} column ${column}`, message, fix);
  const station_id = cell('station_id');
  const name = cell('name');
  const first = firstRow.get(station_id);
  if (!STATION_ID.test(station_id))
    wrong('station_id', `${quoted(station_id)} is no station id`, 'use 1-128 ASCII characters without comma or quote');
  else if (first !== undefined) wrong('station_id', `${quoted(station_id)} is row ${first} already`, 'keep one');
  else firstRow.set(station_id, row);
  if (name.trim() === '') wrong('name', 'is empty', 'give a name, if only the station_id again');
  for (const [column, [least, most]] of Object.entries(ranges)) {
    const text = cell(column);
    const value = cellNumber(Buffer.from(text), 0, Buffer.byteLength(text));
    if (value === undefined || value < least || value > most)
      wrong(column, `${quoted(text)} is not a number from ${least} to ${most}`, 'mend it or leave it empty');
  }
  const kind = cell('kind');
  const region = cell('region');
  return { station_id, name, ...(kind === '' ? {} : { kind }), ...(region === '' ? {} : { region }) };
}
