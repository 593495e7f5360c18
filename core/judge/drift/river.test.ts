import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Adwin } from './adwin.ts';
import type { Detector } from './detector.ts';
import { PageHinkley } from './page-hinkley.ts';

type Stream = { name: string; values: number[] };
type PageHinkleyCase = { stream: string; settings: Record<string, number>; detected: number[] };
type AdwinCase = { stream: string; delta: number; detected: number[]; rows: [number, number, number, number][] };

const streams: Stream[] = vectors('streams');

function vectors(name: string) {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8'));
}

function valuesOf(name: string): number[] {
  const found = streams.find((stream) => stream.name === name);
  if (found === undefined) throw new Error(`there is no stream ${name}`);
  return found.values;
}

function detections(detector: Detector, values: readonly number[]): number[] {
  return values.flatMap((value, i) => (detector.observe(value) ? [i] : []));
}

const river = { delta: 0.005, threshold: 50, alpha: 1 - 0.0001, min_hours: 30 };

describe('Page-Hinkley says what River says', () => {
  test("River's documented stream drifts at 1006", () => {
    expect(detections(new PageHinkley(river), valuesOf('documentation'))).toEqual([1006]);
  });

  test.each<PageHinkleyCase>(vectors('page-hinkley'))('$stream, $settings', ({ stream, settings, detected }) => {
    const { min_instances = river.min_hours, ...others } = settings;
    const detector = new PageHinkley({ ...river, ...others, min_hours: min_instances });
    expect(detections(detector, valuesOf(stream))).toEqual(detected);
  });
});

describe('ADWIN says what River says', () => {
  const riverAdwin = { delta: 0.002, clock: 32 };

  test("River's documented stream drifts at 1023, its tested ones at 1023 and at 1023, 2015, 3007", () => {
    expect(detections(new Adwin(riverAdwin), valuesOf('documentation'))).toEqual([1023]);
    expect(detections(new Adwin(riverAdwin), valuesOf('test'))).toEqual([1023]);
    expect(detections(new Adwin(riverAdwin), valuesOf('several'))).toEqual([1023, 2015, 3007]);
  });

  test('i % 7, n = 200: nothing, and the exact sums of the whole window', () => {
    const detector = new Adwin(riverAdwin);
    const values = valuesOf('sevens');
    expect(detections(detector, values)).toEqual([]);
    const total = values.reduce((sum, value) => sum + value, 0);
    expect(detector.state).toMatchObject({ width: 200, total });
    const exact = values.reduce((sum, value) => sum + (value - total / 200) ** 2, 0);
    expect(detector.state.deviations_sq).toBeCloseTo(exact, 9);
  });

  test.each<AdwinCase>(vectors('adwin'))(
    '$stream, delta $delta: drifts, widths, sums',
    ({ stream, delta, ...river }) => {
      const detector = new Adwin({ delta, clock: 32 });
      const rows = new Map(river.rows.map(([i, ...row]) => [i, row]));
      const detected: number[] = [];
      for (const [i, value] of valuesOf(stream).entries()) {
        if (detector.observe(value)) detected.push(i);
        const row = rows.get(i);
        const { width, total, deviations_sq } = detector.state;
        if (row !== undefined) expect([width, total, deviations_sq], `after value ${i}`).toEqual(row);
      }
      expect(detected).toEqual(river.detected);
    },
  );
});
