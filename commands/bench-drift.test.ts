import { expect, test } from 'vitest';
import { replayLoss, replayShift, shiftHours } from '../bench/drift/level-shift.ts';
import { FIRST_JUDGED, worldOf } from '../bench/drift/plain-models.ts';
import { defaultDrift } from '../core/judge/drift/settings.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';

const telemetry = await readTelemetry(embeddedTelemetry);
/** Every fourth station, and as many days as two replays take: enough to see, and quick. */
const hours = FIRST_JUDGED + 24 * (42 + 20 + 28);
const world = worldOf({
  ...telemetry,
  hours,
  stations: telemetry.stations.filter((_, s) => s % 4 === 0),
  values_kw: telemetry.values_kw.filter((_, s) => s % 4 === 0).map((readings_kw) => readings_kw.slice(0, hours)),
});

const seed = 1;
const by = (found: ReturnType<typeof replayShift>, watched: string, detector: string) => {
  const row = found.find((row) => row.watched === watched && row.detector === detector);
  if (row === undefined) throw new Error(`${detector} of ${watched} was not measured`);
  return row;
};

test('two replays of a shift fit', () => {
  expect(shiftHours(world.telemetry)).toEqual([FIRST_JUDGED + 24 * 42, FIRST_JUDGED + 24 * 62]);
});

test('a level shift of all stations is found by every input detector within eight days, and by the slow model', () => {
  const found = replayShift(world, defaultDrift, { size: 0.5, share: 1 }, seed);
  for (const detector of ['psi', 'ks']) {
    const inputs = by(found, 'inputs', detector);
    expect(inputs).toMatchObject({ replays: 2, found: 1 });
    expect(inputs.days).toBeLessThanOrEqual(8);
    expect(inputs.stations?.shifted).toBeGreaterThan(0.4);
  }
  const loss = by(found, 'loss of mean of 4 weeks', 'page_hinkley');
  expect(loss.found).toBe(1);
  expect(loss.days).toBeLessThan(7);
});

test('of a level shift of some stations these are named, and hardly any other', () => {
  const found = replayShift(world, defaultDrift, { size: 0.5, share: 0.3 }, seed);
  const { stations } = by(found, 'inputs', 'ks');
  expect(stations?.shifted).toBeGreaterThan(0.4);
  expect(stations?.others).toBeLessThan(0.05);
});

test('nothing shifted, nothing found: the replay itself leaves no trace', () => {
  const found = replayShift(world, defaultDrift, { size: 0, share: 1 }, seed);
  expect(found.map(({ watched, detector, found }) => [watched, detector, found])).toEqual(
    found.map(({ watched, detector }) => [watched, detector, 0]),
  );
});

test('a model that errs three times as much is found by Page-Hinkley every time, within a week, and by no detector never', () => {
  const rows = replayLoss(world, defaultDrift, 3);
  expect(rows).toHaveLength(6);
  for (const { detector, found, days } of rows) {
    expect(found).toBeGreaterThan(0);
    if (detector !== 'page_hinkley') continue;
    expect(found).toBe(1);
    expect(days).toBeLessThan(7);
  }
});
