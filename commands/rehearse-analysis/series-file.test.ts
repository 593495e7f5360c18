import { expect, test } from 'vitest';
import { parseNotation, parseOpenMetrics } from './series-file.ts';

const faultOf = (text: string): string => {
  try {
    parseNotation(text, 'series.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no fault';
};

const up = `'up{job="a"}'`;

test('Series in promtool’s notation begin at a time that is the same each time, and outages count from there', () => {
  const { series, outages } = parseNotation(
    `interval: 30s\nseries:\n  ${up}: '1x3'\noutages:\n  - { from: 0s, for: 10s }\n  - { from: 2m, for: 1m }\n`,
    'series.yaml',
  );
  expect(series).toEqual({
    notation: [{ series: 'up{job="a"}', values: '1x3' }],
    from: '2026-01-01T00:00:00.000Z',
    interval_s: 30,
  });
  expect(outages).toEqual([
    { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:10.000Z' },
    { start: '2026-01-01T00:02:00.000Z', end: '2026-01-01T00:03:00.000Z' },
  ]);
});

test('A fault of Prometheus’ parser is told where the series is written', () => {
  const { placeOf } = parseNotation(`interval: 30s\nseries:\n  ${up}: '1x3'\n  down: 'x'\n`, 'series.yaml');
  expect(placeOf({ in: 'series', at: 1, message: '' })).toBe('series.yaml:4:3 series.down');
});

test.each([
  ['', 'series.yaml: is empty; write '],
  [`interval: 30s\nseries: {}\n`, 'series.yaml:2:1 series: must NOT have fewer than 1 properties; write '],
  [`series: { ${up}: '1' }\n`, "series.yaml:1:1: must have required property 'interval'; write "],
  [`interval: 30\nseries: { ${up}: '1' }\n`, 'series.yaml:1:1 interval: must be string; write '],
  [`interval: 1m\nserie: {}\nseries: { ${up}: 1 }\n`, 'series.yaml:2:1 serie: "serie" is not known here; write '],
  [`interval: 1m\nseries:\n  ${up}: 1\n`, 'series.yaml:3:3 series.up{job="a"}: must be string; write '],
  [
    `interval: 1m\nstart: soon\nseries: { ${up}: '1' }\n`,
    'series.yaml:2:1 start: "soon" is no time from 2000 to 2099; write one like ',
  ],
  [
    `interval: 1m\nstart: 1999-12-31T23:59:59Z\nseries: { ${up}: '1' }\n`,
    'series.yaml:2:1 start: "1999-12-31T23:59:59Z" is no time',
  ],
  [`interval: 1m\nstart: '1'\nseries: { ${up}: '1' }\n`, 'series.yaml:2:1 start: "1" is no time'],
  [
    `interval: 1m\nstart: 2026-02-30T00:00:00Z\nseries: { ${up}: '1' }\n`,
    'series.yaml:2:1 start: "2026-02-30T00:00:00Z" is',
  ],
  [
    `interval: 99999d\nseries: { ${up}: '1' }\n`,
    'series.yaml:1:1 interval: "99999d" is more than ten years; write one',
  ],
  [
    `interval: 1m\nseries: { ${up}: '1' }\noutages:\n  - { from: 0s, for: 99999999d }\n`,
    'series.yaml:4:17 outages.0.for: "99999999d" is more than ten years; write one',
  ],
  [
    `interval: 1m\nseries:\n  a: '1'\n  a: '2'\n`,
    'series.yaml:4:3: "a" is written twice, first in line 3; remove one of the two',
  ],
])('%j is refused', (text, message) => {
  expect(faultOf(text)).toContain(message);
});

test.each([
  [
    'up 1 1767225600\nup{job="a b"} 1 1767225600000\n',
    'series.txt:2:17: "1767225600000" is no time from 2000 to 2099; write seconds',
  ],
  ['# EOF\nup{job="} 1 2"} 0.5 12.5\n', 'series.txt:2:21: "12.5" is no time'],
])('Recorded at another time than a release: %j is refused', (text, message) => {
  expect(() => parseOpenMetrics(text, 'series.txt')).toThrow(message);
});

test('What is recorded in seconds is read, and what has no time is left to Prometheus', () => {
  const text = '# TYPE up gauge\nup{job="a b"} 1 1767225600.5\nup 946684800\n';
  expect(parseOpenMetrics(text, 'series.txt').series).toEqual({ openmetrics: text });
});
