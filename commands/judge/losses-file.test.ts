import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { hourOfIso } from '../../core/telemetry.ts';
import { readLosses } from './losses-file.ts';

const HEADER = 'target_time,station_id,stable_abs_error_kw,candidate_abs_error_kw';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-losses-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (content: string | Buffer, name = 'l.csv') => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const read = (...rows: string[]) => readLosses(fileOf([HEADER, ...rows, ''].join('\n')));

/** Each fault as the user sees it, with the file's name for its path. */
async function faultsOf(reading: Promise<unknown>): Promise<string[]> {
  const error = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw error ?? new Error('nothing was wrong');
  return error.faults.map(({ place, message, fix }) => `${place.replace(`${folder}/`, '')} ${message}; ${fix}`);
}

test('rows and columns in any order, plain or gzipped, give one table', async () => {
  const ordered = [
    HEADER,
    '2016-01-01T01:00Z,a,1,2',
    '2016-01-01T01:00Z,b,3,4',
    '2016-01-01T02:00Z,a,5,6',
    '2016-01-01T02:00Z,b,,8',
  ];
  const mixed = [
    '\uFEFFcandidate_abs_error_kw, station_id,target_time,stable_abs_error_kw',
    '6,a,2016-01-01T02:00:00Z,5',
    '2,a,2016-01-01T01:00Z,1',
    '4,"b",2016-01-01T01:00Z,3.0',
    '8,b,2016-01-01T02:00Z,',
  ].join('\r\n');
  const { table } = await readLosses(fileOf(`${ordered.join('\n')}\n`));
  expect(table).toEqual({
    stations: ['a', 'b'],
    from_h: hourOfIso('2016-01-01T01:00:00Z'),
    hours: 2,
    stable_kw: Float64Array.of(1, 5, 3, Number.NaN),
    candidate_kw: Float64Array.of(2, 6, 4, 8),
  });
  expect((await readLosses(fileOf(gzipSync(mixed), 'l.gz'))).table).toEqual(table);
});

test('an hour without a row is a hole in the table', async () => {
  const { table } = await read('2016-01-01T01:00Z,a,1,2', '2016-01-01T04:00Z,a,3,4');
  expect(table.stable_kw).toEqual(Float64Array.of(1, Number.NaN, Number.NaN, 3));
});

test('blank lines are no rows, and count as lines', async () => {
  const { rows } = await read('', '2016-01-01T01:00Z,a,1,2', '   ', '2016-01-01T02:00Z,a,3,4', '', '');
  expect(rows).toBe(2);
  expect(await faultsOf(read('', '2016-01-01T01:00Z,a,-1,2'))).toEqual([
    'l.csv:3 column stable_abs_error_kw "-1" is negative; give the absolute error',
  ]);
});

test('a file in another encoding is refused at the line that shows it', async () => {
  const rows = [HEADER, '2016-01-01T01:00Z,Zürich,1,2', ''].join('\n');
  expect((await readLosses(fileOf(rows))).table.stations).toEqual(['Zürich']);
  const fault = (line: number) => [`l.csv:${line} is not UTF-8 text; save the file as UTF-8 (CSV UTF-8 in Excel)`];
  expect(await faultsOf(readLosses(fileOf(Buffer.from(rows, 'latin1'))))).toEqual(fault(2));
  expect(await faultsOf(readLosses(fileOf(Buffer.from(`\uFEFF${rows}`, 'utf16le'))))).toEqual(fault(1));
  expect(await faultsOf(readLosses(fileOf(Buffer.from(rows.trim(), 'latin1').subarray(0, -4))))).toEqual(fault(2));
});

test('the same row twice is counted, with other values it is a fault', async () => {
  const row = '2016-01-01T01:00Z,a,1,2';
  expect(await read(row, row, '2016-01-01T02:00Z,a,,3', '2016-01-01T02:00Z,a,,3')).toMatchObject({
    rows: 4,
    duplicated_identical: 2,
  });
  expect(await faultsOf(read(row, '2016-01-01T01:00Z,a,1,2.5'))).toEqual([
    'l.csv:3 column station_id "a" at 2016-01-01T01:00:00Z is row 2 already, with other values (stable 1 and candidate 2.5, not 1 and 2); keep the right one',
  ]);
});

test.each([
  ['2016-01-01T01:00Z,a,x,2', 'l.csv:2 column stable_abs_error_kw "x" is not a number'],
  ['2016-01-01T01:00Z,a,1,NaN', 'l.csv:2 column candidate_abs_error_kw "NaN" is not a number'],
  ['2016-01-01T01:00Z,a,1,1e400', 'l.csv:2 column candidate_abs_error_kw "1e400" is not a number'],
  ['2016-01-01T01:00Z,a,-1,2', 'l.csv:2 column stable_abs_error_kw "-1" is negative'],
  ['2016-01-01T01:00Z,a,1e13,2', 'l.csv:2 column stable_abs_error_kw "1e13" is more than 1000000000000 kW'],
  ['2016-01-01T01:30Z,a,1,2', 'l.csv:2 column target_time "2016-01-01T01:30Z" is not a full hour'],
  ['2016-01-01T01:00,a,1,2', 'l.csv:2 column target_time "2016-01-01T01:00" states no time zone'],
  ['2016-02-30T01:00Z,a,1,2', 'l.csv:2 column target_time "2016-02-30T01:00Z" is no time of the calendar'],
  ['yesterday,a,1,2', 'l.csv:2 column target_time "yesterday" is not an ISO 8601 time'],
  ['2016-01-01T01:00Z,,1,2', 'l.csv:2 column station_id "" is no station id'],
  ['2016-01-01T01:00Z,a,1', 'l.csv:2 has 3 cells, the header 4'],
  ['2016-01-01T01:00Z,"a"b,1,2', 'l.csv:2 is not CSV'],
])('%s', async (row, fault) => {
  const [first, ...more] = await faultsOf(read(row));
  expect(first).toContain(fault);
  expect(first).toMatch(/; .{8}/);
  expect(more).toEqual([]);
});

test('many faults come together, and a million are counted', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `2016-01-01T01:00Z,s${i},-1,x`);
  const faults = await faultsOf(read(...rows));
  expect(faults).toHaveLength(21);
  expect(faults[0]).toMatch(/^l\.csv:2 column stable_abs_error_kw/);
  expect(faults[1]).toMatch(/^l\.csv:2 column candidate_abs_error_kw/);
  expect(faults[20]).toContain('l.csv 40 more faults');
});

test('the header: unknown, missing and repeated columns are named at once', async () => {
  const faults = await faultsOf(readLosses(fileOf('target_time,station,station_id,station_id\n1,2,3,4\n')));
  expect(faults.map((fault) => fault.split(';')[0])).toEqual([
    'l.csv:1 column 2 "station" is no column of a file of losses',
    'l.csv:1 column station_id is there twice',
    'l.csv:1 column stable_abs_error_kw is missing',
    'l.csv:1 column candidate_abs_error_kw is missing',
  ]);
});

test('a wrong century is a span, not memory', async () => {
  const [fault] = await faultsOf(read('1916-01-01T01:00Z,a,1,2', '2016-01-01T01:00Z,a,1,2'));
  expect(fault).toContain('l.csv spans 876601 hours (1916-01-01T01:00:00Z to 2016-01-01T01:00:00Z) of 1 stations');
});

test('files that cannot be read say why', async () => {
  expect(await faultsOf(readLosses(join(folder, 'none.csv')))).toEqual([
    'none.csv there is no such file; name a file of losses',
  ]);
  expect((await faultsOf(readLosses(folder)))[0]).toContain('is a folder');
  expect((await faultsOf(readLosses(fileOf(''))))[0]).toContain('l.csv has no row of losses');
  expect((await faultsOf(read()))[0]).toContain('l.csv has no row of losses');
  const packed = gzipSync(`${HEADER}\n${'2016-01-01T01:00Z,a,1,2\n'.repeat(99)}`);
  expect((await faultsOf(readLosses(fileOf(packed.subarray(0, 60)))))[0]).toContain('ends in the middle of its gzip');
  packed.writeUInt32LE(0, packed.length - 8);
  expect((await faultsOf(readLosses(fileOf(packed))))[0]).toContain('is damaged gzip');
  expect((await faultsOf(readLosses(fileOf(`${HEADER}\n${'x'.repeat(10_000)}`))))[0]).toContain('is not CSV');
});
