import { expect, test } from 'vitest';
import { decodeColumns, encodeColumns, stationsDigest } from './columnar-answer.ts';
import { columnsOf, recordOf } from './forecast-columns.ts';
import { randomOf } from './random.ts';
import { type ForecastRecord, LEADS } from './record.ts';
import { inputDigest } from './release.ts';

const stations = ['north', 'Süd "2"', 'a\\b'];

function records(values_kw: (row: number, lead: number) => number | null): ForecastRecord[] {
  return stations.map((station_id, row) => ({
    ...{ release: `sha256:${'c'.repeat(64)}`, pod_hash: 'new', arm: 'candidate', purpose: 'pair' },
    ...{ station_id, issue_time: '2016-08-07T05:00:00Z', fallback: row === 1, latency_ms: 12.345 },
    input_digest: inputDigest(station_id, 1, Float64Array.of(row)),
    values_kw: Array.from({ length: LEADS }, (_, i) => values_kw(row, i + 1)),
  }));
}

function encoded(of: readonly ForecastRecord[] = records((row, lead) => row + lead)): Buffer {
  return encodeColumns(columnsOf(of), stations);
}

function decodedRecords(bytes: Uint8Array): ForecastRecord[] {
  const { columns } = decodeColumns(bytes);
  return stations.map((station_id, row) => recordOf(columns, row, { station_id, purpose: 'pair' }));
}

test('says to the bit what JSON would', () => {
  const random = randomOf(1);
  const odd = [null, 0, 5e-324, -1.7976931348623157e308, 0.1 + 0.2];
  const of = records((row, lead) =>
    lead <= odd.length ? (odd[lead - 1] ?? null) : (random() - 0.5) * 10 ** (5 * row),
  );
  const throughJson: ForecastRecord[] = JSON.parse(JSON.stringify(of));
  expect(decodedRecords(encoded(of))).toEqual(throughJson);
  expect(decodeColumns(encoded(of)).stations).toBe(stationsDigest(stations));
});

test('has no infinity and no signed zero, as JSON has none', () => {
  const columns = columnsOf(records(() => 1));
  columns.values_kw.set([Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY]);
  const { values_kw } = decodeColumns(encodeColumns(columns, stations)).columns;
  expect([...values_kw.slice(0, 4)]).toEqual([Number.NaN, 0, Number.NaN, 1]);
});

test('bytes that lie anywhere in a buffer are read', () => {
  const bytes = encoded();
  const shifted = Buffer.concat([Buffer.from('x'), bytes]).subarray(1);
  expect(decodedRecords(shifted)).toEqual(decodedRecords(bytes));
});

test('the stations and their order are told', () => {
  expect(stationsDigest(['a', 'b'])).not.toBe(stationsDigest(['b', 'a']));
  expect(stationsDigest(['a', 'b'])).not.toBe(stationsDigest(['a","b']));
});

/** The bytes with another header. */
function withHeader(change: object): Buffer {
  const bytes = encoded();
  const end = 8 + bytes.readUInt32LE(4);
  const header = Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString('utf8', 8, end)), ...change }));
  const prefix = Buffer.from(bytes.subarray(0, 8));
  prefix.writeUInt32LE(header.length, 4);
  return Buffer.concat([prefix, header, bytes.subarray(end)]);
}

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = encoded();
  change(bytes);
  return bytes;
}

const bad: [string, () => Buffer, string][] = [
  ['nothing', () => Buffer.alloc(0), 'it begins with "", not with "grf1"'],
  ['JSON', () => Buffer.from('{"records":[]}'), 'it begins with "{\\"re", not with "grf1"'],
  ['another version', () => changed((bytes) => bytes.write('grf2')), 'it begins with "grf2", not with "grf1"'],
  ['no header', () => encoded().subarray(0, 6), 'its header is no JSON: ""'],
  ['a header that is cut', () => encoded().subarray(0, 20), 'its header is no JSON: "{\\"release\\":'],
  [
    'a header without end',
    () => changed((bytes) => bytes.writeUInt32LE(2 ** 31, 4)),
    'its header says that it has 2147483648 bytes; 8192 are the most',
  ],
  ['a value too few', () => encoded().subarray(0, -1), '3 forecasts take 953 bytes, it has 952'],
  ['something behind', () => Buffer.concat([encoded(), Buffer.of(0)]), '3 forecasts take 953 bytes, it has 954'],
  ['another count', () => withHeader({ rows: 4 }), '4 forecasts take 1178 bytes, it has 953'],
  ['no forecast', () => withHeader({ rows: 0 }), 'its header is wrong: /rows must be >= 1'],
  ['too many', () => withHeader({ rows: 1001 }), 'its header is wrong: /rows must be <= 1000'],
  [
    'no release',
    () => withHeader({ release: undefined }),
    "its header is wrong: / must have required property 'release'",
  ],
  ['a line end in a name', () => withHeader({ arm: 'a\nb' }), 'its header is wrong: /arm must match pattern'],
  [
    'an infinite value',
    () => changed((bytes) => bytes.writeDoubleLE(Number.NEGATIVE_INFINITY, bytes.length - 3 * 225)),
    'a value is infinite; what is no number is NaN',
  ],
  ['a fallback of 2', () => changed((bytes) => bytes.writeUInt8(2, bytes.length - 1)), 'a fallback is neither 0 nor 1'],
];

test.each(bad)('%s is refused', (_name, bytes, message) => {
  expect(() => decodeColumns(bytes())).toThrow(RangeError);
  expect(() => decodeColumns(bytes())).toThrow(message);
});

test('records of two releases are no columns', () => {
  const [first, ...others] = records(() => 1).map((record, row) => ({
    ...record,
    pod_hash: row < 2 ? 'new' : 'newer',
  }));
  expect(() => columnsOf(first === undefined ? [] : [first, ...others])).toThrow(
    'one answer mixes pod_hash "new" and "newer"',
  );
});
