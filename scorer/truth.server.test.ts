import { beforeEach, expect, test } from 'vitest';
import { HISTORY_HOURS, hourOfIso, type LogEntryInput } from '../core/telemetry.ts';
import type { ScorerProcess } from './scorer-process.ts';
import * as world from './stand-in-world.ts';
import { withScorers, writeBacktest } from './with-scorers.ts';

const { START_H, stations } = world;
const HOURS = 66;

const here = withScorers();
beforeEach(() => writeBacktest(here.folder));

/** What a station says of an hour instead of the truth; undefined: the truth. */
type Overlay = (station: number, target_h: number) => number | null | undefined;

function overlaid(h: number, overlay: Overlay): LogEntryInput {
  const { available_at, observations } = world.entryAt(h);
  return {
    available_at,
    observations: observations.map((observation) => {
      const said = overlay(stations.indexOf(observation.station_id), hourOfIso(observation.target_time));
      return said === undefined ? observation : { ...observation, value_kw: said };
    }),
  };
}

async function told(scorer: ScorerProcess, overlay: Overlay, kill_every_h = Number.POSITIVE_INFINITY) {
  for (let h = START_H; h < START_H + HOURS; h++) {
    expect((await scorer.post('/v1/observations', { entries: [overlaid(h, overlay)] })).status).toBe(200);
    // The first pair makes the candidate known; an absence of two days or more would cost hours.
    if ((h - START_H) % 24 === 0) await scorer.settled();
    if ((h - START_H + 1) % kill_every_h !== 0) continue;
    await scorer.end('SIGKILL');
    await scorer.start();
  }
  const { current } = await scorer.settled();
  if (current === null) throw new Error('there is no candidate');
  return current;
}

const FAULT_H = START_H + 30;
const STUCK_HOURS = 20;

/** One fault of each kind, each at a station of its own; the hours are target hours that close within the test. */
const impossible: Overlay = (station, target_h) => {
  const i = target_h - FAULT_H;
  if (station === 1 && i >= 0 && i < STUCK_HOURS) return world.truthAt(1, FAULT_H);
  if (station === 2 && i === 3) return -world.truthAt(2, target_h);
  if (station === 3 && (i === 5 || i === 6)) return 300 * world.truthAt(3, target_h);
  if (station === 4 && i === 9) return 0;
  return undefined;
};
const missing: Overlay = (station, target_h) => (impossible(station, target_h) === undefined ? undefined : null);

test('readings that cannot be true judge nothing: a verdict with them is the verdict without, kills or not', async () => {
  const [clean, with_faults, killed, without] = [
    await told(await here.started('clean'), () => undefined),
    await told(await here.started('faults'), impossible),
    await told(await here.started('killed'), impossible, 20),
    await told(await here.started('missing'), missing),
  ];
  // Some are late beyond their hour, and what never came is not quarantined.
  const came = (station: number, hours: number[]) =>
    hours.filter((i) => !Number.isNaN(world.knownAt(station, FAULT_H + i, FAULT_H + i + 6))).length;
  expect(with_faults.state.quarantined).toEqual({
    stuck: came(1, [...Array(STUCK_HOURS).keys()]),
    negative: came(2, [3]),
    spike: came(3, [5, 6]),
    zero: came(4, [9]),
  });
  expect(with_faults.state.quarantined.stuck).toBeGreaterThan(15);
  expect(without.state.quarantined).toEqual({ stuck: 0, negative: 0, spike: 0, zero: 0 });
  const judged = ({ state, station_sums, guard, scaled, scaled_by_leads, labels_missing }: typeof clean) => ({
    sums: state.sums,
    station_sums,
    guard,
    scaled,
    scaled_by_leads,
    labels_missing,
  });
  expect(judged(with_faults)).toEqual(judged(without));
  expect(judged(killed)).toEqual(judged(with_faults));
  expect(killed.state.quarantined).toEqual(with_faults.state.quarantined);
  expect(with_faults.guard).not.toEqual(clean.guard);
  expect(clean.state.quarantined).toEqual(without.state.quarantined);
});

test("an hour closes the plan's truth delay after its end", async () => {
  const [usual, patient] = [
    await told(await here.started('usual'), () => undefined),
    await told(await here.started('patient', { truth_delay_hours: 12 }), () => undefined),
  ];
  expect(usual).toMatchObject({ hours: HOURS - 30, state: { sums: { labels_expected: 7 * (HOURS - 30) } } });
  expect(patient).toMatchObject({ hours: HOURS - 36, state: { sums: { labels_expected: 7 * (HOURS - 36) } } });
  // The stand-ins' latest readings come nine hours late.
  expect(usual.labels_missing).toBeGreaterThan(0);
  expect(patient.labels_missing).toBe(0);
});

test('most meters are retired or have new names: the others are judged, and theirs are the labels expected, kills or not', async () => {
  // Their last readings are older than any input.
  const retired: Overlay = (station, target_h) =>
    station < 4 && target_h > START_H - HISTORY_HOURS ? null : undefined;
  const [calm, killed] = [
    await told(await here.started('calm'), retired),
    await told(await here.started('killed'), retired, 20),
  ];
  const left = stations.slice(4);
  const matured = left.map((_, i) =>
    Array.from({ length: HOURS - 30 }, (_, hour) => world.knownAt(i + 4, START_H + 24 + hour, START_H + 30 + hour)),
  );
  expect(calm).toMatchObject({
    hours: HOURS - 30,
    state: {
      sums: {
        labels_expected: left.length * (HOURS - 30),
        labels_matured: matured.flat().filter((kw) => !Number.isNaN(kw)).length,
      },
    },
  });
  expect(killed.state.sums).toEqual(calm.state.sums);
});
