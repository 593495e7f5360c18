import { describe, expect, test } from 'vitest';
import { COLUMNAR_TYPE, encodeColumns } from '../core/columnar-answer.ts';
import { columnsOf } from '../core/forecast-columns.ts';
import type { ForecastRecord } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { type Question, Refusal, readAnswer } from './side-answer.ts';
import { CANDIDATE, recordOf, START_H, seasonal, stations } from './stand-in-world.ts';

const version = { release: CANDIDATE, pod_hash: 'new', arm: 'candidate', predict: seasonal(48) };
const honest = stations.map((_, s) => recordOf(version, s, START_H));
const question: Question = { url: 'http://canary', issue_h: START_H, station_ids: stations };

const forms = {
  JSON: (records: readonly ForecastRecord[]) => ({
    type: 'application/json; charset=utf-8',
    bytes: Buffer.from(JSON.stringify({ records })),
  }),
  columns: (records: readonly ForecastRecord[]) => {
    const station_ids = records.map(({ station_id }) => station_id);
    return { type: COLUMNAR_TYPE, bytes: encodeColumns(columnsOf(records), station_ids) };
  },
};

test('both forms say the same', () => {
  const gap = honest.map((record, s) => (s === 3 ? { ...record, values_kw: record.values_kw.with(7, null) } : record));
  const columns = readAnswer(forms.columns(gap), question);
  expect(columns).toEqual(readAnswer(forms.JSON(gap), question));
  expect(columns.values_kw[3 * 24 + 7]).toBeNaN();
});

const later = honest.map((record) => ({ ...record, issue_time: isoOfHour(START_H + 1) }));
const bad: [string, ForecastRecord[], Partial<Question>, RegExp][] = [
  ['a station too few', honest.slice(1), {}, /^http:\/\/canary answered 6 forecasts for 7 stations$/],
  ['another order', honest.toReversed(), {}, /answered (station station-6 where station-0 was|other stations than)/],
  ['another hour', later, {}, /answered issue time 2016-08-01T01:00:00Z where 2016-08-01T00:00:00Z was asked$/],
  ['another arm', honest, { arm: 'weekly' }, /answered arm candidate where weekly was asked$/],
];

describe.each(['JSON', 'columns'] as const)('%s', (form) => {
  test.each(bad)('%s is refused', (_name, records, asked, message) => {
    const read = () => readAnswer(forms[form](records), { ...question, ...asked });
    expect(read).toThrow(Refusal);
    expect(read).toThrow(message);
  });
});

test('what is no forecast is refused, and says where', () => {
  const columns = { type: COLUMNAR_TYPE, bytes: forms.columns(honest).bytes.subarray(0, -1) };
  expect(() => readAnswer(columns, question)).toThrow(/^http:\/\/canary answered a bad forecast: 7 forecasts take/);
  const short = honest.map((record) => ({ ...record, values_kw: record.values_kw.slice(1) }));
  expect(() => readAnswer(forms.JSON(short), question)).toThrow(/bad forecast: \/records\/0\/values_kw/);
});
