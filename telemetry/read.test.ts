import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../core/input-error.ts';
import { hourOfIso } from '../core/telemetry.ts';
import { readTelemetry } from './read.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-telemetry-'));
});
afterEach(() => rm(folder, { recursive: true }));

const good = {
  'telemetry.json': '{"name": "Two", "unit": "kW", "hour": "ending"}',
  'stations.csv': 'station_id,name\nA,Mill\nB,"Works, north"\n',
  'observations.csv.gz': 'time_utc,A,B\n2024-01-01T01:00Z,1,2\n2024-01-01T02:00Z,3,4\n',
};
type Files = { [K in keyof typeof good]?: string | Buffer | null };

/** Writes the good set with some files other (null: left out). Text of a `.gz` is compressed. */
async function write(other: Files): Promise<void> {
  for (const [name, content] of Object.entries<string | Buffer | null>({ ...good, ...other }))
    if (content !== null)
      await writeFile(
        join(folder, name),
        name.endsWith('.gz') && typeof content === 'string' ? gzipSync(content) : content,
      );
}

async function faultsOf(other: Files): Promise<string[]> {
  await write(other);
  const error = await readTelemetry(folder).catch((reason: unknown) => reason);
  if (!(error instanceof InputError)) throw new Error(`expected an InputError, got ${error}`);
  return error.message.split('\n').map((line) => line.replaceAll(`${folder}/`, ''));
}

const rows = (...lines: string[]) => `time_utc,A,B\n${lines.join('\n')}\n`;

describe('a telemetry set', () => {
  it('is read in kW, stations in the order of stations.csv, hours named by their end, empty cells NaN', async () => {
    await write({
      'telemetry.json': '{"unit": "MW", "hour": "starting", "time_zone": "UTC", "licence": "ours"}',
      'stations.csv': '\uFEFFstation_id,name,kind,tz\r\nA,Mill,plant,Europe/Berlin\r\nB,"Works, north",,\r\n',
      'observations.csv.gz': '\uFEFFtime_utc,B,A\r\n2024-02-29T23:00:00Z,-0.25,1e-3\r\n2024-03-01 00:00:00+00:00,,0.23',
    });
    expect(await readTelemetry(folder)).toEqual({
      name: folder.split('/').at(-1),
      stations: [
        { station_id: 'A', name: 'Mill', kind: 'plant' },
        { station_id: 'B', name: 'Works, north' },
      ],
      start_h: hourOfIso('2024-03-01T00:00:00Z'),
      hours: 2,
      values_kw: [Float64Array.of(1, 230), Float64Array.of(-250, Number.NaN)],
    });
  });

  it('comes back as it was written, whatever its size', async () => {
    const cell = fc.option(fc.double({ noNaN: true, min: -1e11, max: 1e11 }), { nil: Number.NaN });
    const table = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 600 }))
      .chain(([stations, hours]) =>
        fc
          .array(fc.infiniteStream(cell), { minLength: stations, maxLength: stations })
          .map((streams) =>
            streams.map((stream) => Float64Array.from({ length: hours }, () => stream.next().value ?? Number.NaN)),
          ),
      );
    const start_h = hourOfIso('2023-12-30T00:00:00Z');
    await fc.assert(
      fc.asyncProperty(table, async (values_kw) => {
        const hours = values_kw[0]?.length ?? 0;
        const ids = values_kw.map((_, s) => `S${s}`);
        const lines = Array.from({ length: hours }, (_, i) =>
          [
            new Date((start_h + i) * 3_600_000).toISOString(),
            ...values_kw.map((v) => (Number.isNaN(v[i]) ? '' : v[i])),
          ].join(','),
        );
        await write({
          'stations.csv': `station_id,name\n${ids.map((id) => `${id},${id}\n`).join('')}`,
          'observations.csv.gz': `${[['time_utc', ...ids].join(','), ...lines].join('\n')}\n`,
        });
        const read = await readTelemetry(folder);
        expect([read.start_h, read.hours]).toEqual([start_h, hours]);
        // -0 is written as 0.
        expect(read.values_kw).toEqual(values_kw.map((v) => v.map((kw) => kw + 0)));
      }),
      { numRuns: 25 },
    );
  });
});

/** One malformed set per fault, with exactly what is said about it. */
const faults: [name: string, files: Files, ...said: string[]][] = [
  [
    'nothing there',
    { 'telemetry.json': null, 'stations.csv': null, 'observations.csv.gz': null },
    'telemetry.json: is missing; add one like {"name": "Our grid", "unit": "kW", "hour": "ending", "time_zone": "UTC"}',
    'stations.csv: is missing; add it, with the columns station_id and name',
    'observations.csv.gz: is missing; add it: time_utc and one column per station',
  ],
  [
    'no JSON',
    { 'telemetry.json': '[]' },
    'telemetry.json: is not a JSON object; write one like {"unit": "kW", "hour": "ending"}',
  ],
  [
    'broken JSON',
    { 'telemetry.json': '{unit' },
    "telemetry.json: is not JSON (Expected property name or '}' in JSON at position 1 (line 1 column 2)); mend its syntax",
  ],
  [
    'unknown unit',
    { 'telemetry.json': '{"unit": "kVA", "hour": "ending"}' },
    'telemetry.json key unit: "kVA" is not known; state "kW", "MW" or "W"',
  ],
  [
    'unknown hour, zone and name',
    { 'telemetry.json': '{"unit": "W", "time_zone": "CET", "name": 7}' },
    'telemetry.json key hour: is missing; state "ending" or "starting": which end of its hour time_utc names',
    'telemetry.json key time_zone: "CET" is not known; state "UTC", and give time_utc in UTC',
    'telemetry.json key name: number is not known; state a name for people, or leave it out',
  ],

  [
    'no station_id',
    { 'stations.csv': 'id,name,name\nA,Mill,Mill\n' },
    'stations.csv row 1 column station_id: is missing; add the column',
    'stations.csv row 1 column name: is there twice; keep one',
  ],
  [
    'no station',
    { 'stations.csv': 'station_id,name\n', 'observations.csv.gz': 'time_utc\n2024-01-01T01:00Z\n' },
    'stations.csv: has no station; add a row for each',
  ],
  [
    'ragged station',
    { 'stations.csv': 'station_id,name\nA,Mill\nB,Works, north\n' },
    'stations.csv row 3: has 3 cells, the header 2; give every column a cell, and quote cells with commas',
  ],
  [
    'unclosed quote',
    { 'stations.csv': 'station_id,name\nA,"Mill\nB,Works\n' },
    'stations.csv: is not CSV (Quote Not Closed: the parsing is finished with an opening quote at line 3); mend its quotes',
  ],
  [
    'bad station cells',
    { 'stations.csv': 'station_id,name,lat,rated_kva\nA,Mill,95,x\nB,,,\nB,Works,,\n"C,1",Pier,,\n' },
    'stations.csv row 2 column lat: "95" is not a number from -90 to 90; mend it or leave it empty',
    `stations.csv row 2 column rated_kva: "x" is not a number from 0 to 1000000000000; mend it or leave it empty`,
    'stations.csv row 3 column name: is empty; give a name, if only the station_id again',
    'stations.csv row 4 column station_id: "B" is row 3 already; keep one',
    'stations.csv row 5 column station_id: "C,1" is no station id; use 1-128 ASCII characters without comma or quote',
    'observations.csv.gz row 1 column C,1: is missing; add the column or drop the station from stations.csv',
  ],

  [
    'not gzip',
    { 'observations.csv.gz': Buffer.from(good['observations.csv.gz']) },
    'observations.csv.gz: is not gzip (incorrect header check); compress it with gzip',
  ],
  [
    'cut off',
    { 'observations.csv.gz': gzipSync(good['observations.csv.gz']).subarray(0, 40) },
    'observations.csv.gz: ends in the middle of its gzip stream; copy it again',
  ],
  ['empty', { 'observations.csv.gz': '' }, 'observations.csv.gz: is empty; add a header and a row for every hour'],
  ['no row', { 'observations.csv.gz': rows().trim() }, 'observations.csv.gz: has no row; add a row for every hour'],
  [
    'bad header',
    { 'observations.csv.gz': 'time,A,A,X\n2024-01-01T01:00Z,1,2,3\n' },
    'observations.csv.gz row 1 column 1: is headed "time"; head the first column time_utc',
    'observations.csv.gz row 1 column A: is there twice; keep one',
    'observations.csv.gz row 1 column 4: "X" is no station; add it to stations.csv or drop the column',
    'observations.csv.gz row 1 column B: is missing; add the column or drop the station from stations.csv',
  ],
  [
    'ragged row',
    { 'observations.csv.gz': rows('2024-01-01T01:00Z,1', '', '2024-01-01T02:00Z,1,2,3') },
    'observations.csv.gz row 2: has 2 cells, the header 3; give every column a cell, empty where a reading is missing',
    'observations.csv.gz row 3 column time_utc: "" is not an ISO 8601 time; write it like 2016-08-07T05:00Z',
    'observations.csv.gz row 3: has 1 cells, the header 3; give every column a cell, empty where a reading is missing',
    'observations.csv.gz row 4: has 4 cells, the header 3; give every column a cell, empty where a reading is missing',
  ],
  [
    'bad number',
    { 'observations.csv.gz': rows('2024-01-01T01:00Z,12a,NaN', '2024-01-01T02:00Z,9.97e36,"4"') },
    'observations.csv.gz row 2 column A: "12a" is not a number; mend it, or leave the cell empty if the reading is missing',
    'observations.csv.gz row 2 column B: "NaN" is not a number; mend it, or leave the cell empty if the reading is missing',
    'observations.csv.gz row 3 column A: "9.97e36" is more than 1000000000000 kW; mend it, or leave the cell empty if the reading is missing',
    'observations.csv.gz row 3 column B: "\\"4\\"" is not a number; mend it, or leave the cell empty if the reading is missing',
  ],
  [
    'irregular hours',
    { 'observations.csv.gz': rows(...['03', '03', '02', '06', '07'].map((h) => `2024-01-01T${h}:00Z,1,2`)) },
    'observations.csv.gz row 3 column time_utc: "2024-01-01T03:00Z" repeats the hour of the row before; keep one row per hour',
    'observations.csv.gz row 4 column time_utc: "2024-01-01T02:00Z" comes after 2024-01-01T03:00:00Z; sort the rows by time',
    'observations.csv.gz row 5 column time_utc: "2024-01-01T06:00Z" leaves out 3 h from 2024-01-01T03:00:00Z; add a row for every hour, cells empty',
  ],
  [
    'bad times',
    {
      'observations.csv.gz': rows(
        ...['2024-01-01T01:00', '2024-01-01T02:00+01:00', '2024-01-01T03:30Z', '2024-02-30T04:00Z', '1.1.2024'].map(
          (time) => `${time},1,2`,
        ),
      ),
    },
    'observations.csv.gz row 2 column time_utc: "2024-01-01T01:00" states no time zone; give UTC with a Z, like 2016-08-07T05:00Z',
    'observations.csv.gz row 3 column time_utc: "2024-01-01T02:00+01:00" is not in UTC; convert it, like 2016-08-07T05:00Z',
    'observations.csv.gz row 4 column time_utc: "2024-01-01T03:30Z" is not a full hour; give hourly means',
    'observations.csv.gz row 5 column time_utc: "2024-02-30T04:00Z" is no time of the calendar; write it like 2016-08-07T05:00Z',
    'observations.csv.gz row 6 column time_utc: "1.1.2024" is not an ISO 8601 time; write it like 2016-08-07T05:00Z',
  ],
];

describe('a malformed set', () => {
  it.each(faults)('%s', async (_name, files, ...said) => {
    expect(await faultsOf(files)).toEqual(said);
  });

  it('has its first 20 faults named and the rest counted', async () => {
    const lines = Array.from(
      { length: 50 },
      (_, i) => `2024-01-0${1 + Math.floor(i / 24)}T${String(i % 24).padStart(2, '0')}:00Z,x,y`,
    );
    const said = await faultsOf({ 'observations.csv.gz': rows(...lines) });
    expect(said).toHaveLength(21);
    expect(said[20]).toBe(`${folder}: 80 more faults; mend the ones above and read it again`);
  });

  it('cannot fill the memory: a bomb stops at the first line that is too long', async () => {
    const bomb = Buffer.alloc(30_000_000, '7');
    const said = await faultsOf({
      'observations.csv.gz': gzipSync(Buffer.concat([Buffer.from('time_utc,A,B\n'), bomb]), { level: 1 }),
    });
    expect(said).toEqual(['observations.csv.gz: has a line of over 192 bytes; end every row with a line break']);
  });

  it('cannot go on for ever: the hours end at 100,000', async () => {
    const line = (i: number) => `${new Date(i * 3_600_000).toISOString()},1,2`;
    const said = await faultsOf({
      'observations.csv.gz': rows(Array.from({ length: 150_000 }, (_, i) => line(i)).join('\n')),
    });
    expect(said).toEqual([
      'observations.csv.gz row 100002: is beyond what fits; split the set: at most 100000 hours and 200000000 cells',
    ]);
  });
});
