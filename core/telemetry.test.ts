import { expect, test } from 'vitest';
import { hourOfIso, isoOfHour } from './telemetry.ts';

test('an hour is read as it is written', () => {
  for (const iso of ['2016-02-29T23:00:00Z', '2016-03-01T00:00:00Z', '1969-12-31T23:00:00Z'])
    expect(isoOfHour(hourOfIso(iso))).toBe(iso);
});

test.each([
  ...['2016-02-30T00:00:00Z', '2015-02-29T00:00:00Z', '2016-04-31T05:00:00Z', '2016-08-07T24:00:00Z'],
  ...['2016-13-01T00:00:00Z', '2016-08-07T05:30:00Z', '2016-08-07T05:00:00+02:00', '2016-08-07', 'soon'],
])('%s is no hour', (iso) => {
  expect(() => hourOfIso(iso)).toThrow(new RangeError(`"${iso}" is not a full hour in UTC like 2016-08-07T05:00:00Z`));
});
