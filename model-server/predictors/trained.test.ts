import { expect, test } from 'vitest';
import { normalOf, randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../../core/telemetry.ts';
import { LearnedStates } from '../learned-states.ts';
import type { LinearKind } from '../linear-kinds.ts';
import { forecastRange } from '../offline.ts';
import type { Learning, Predictor } from '../predictor.ts';
import { ensemble } from './ensemble.ts';
import { fallback } from './fallback.ts';
import { trainLinear } from './train-linear.ts';
import { openLinear } from './trained.ts';

const START_H = 24 * 20_000;
const DAYS = 80;
const HOURS = 24 * DAYS;
const TRAINING_HOURS = 24 * 45;

/** Stations of very different size: a day's shape, another one at weekends, a level that wanders, noise, a few gaps. */
const telemetry: Telemetry = {
  name: 'made up',
  stations: [0, 1, 2].map((s) => ({ station_id: `s${s}`, name: `station ${s}` })),
  start_h: START_H,
  hours: HOURS,
  values_kw: [0, 1, 2].map((s) => {
    const random = randomOf(s + 1);
    let level = 0;
    return Float64Array.from({ length: HOURS }, (_, i) => {
      level = 0.98 * level + 0.05 * normalOf(random);
      const value = 2 + level + Math.sin((2 * Math.PI * i) / 24) * (Math.floor(i / 24) % 7 < 5 ? 1 : 0.3);
      return random() < 0.01 ? Number.NaN : 10 ** s * (value + 0.05 * normalOf(random));
    });
  }),
};

const trained = (kind: LinearKind) => trainLinear(kind, telemetry, TRAINING_HOURS, () => {});
const all = await trained('all');

function learningOf({ learning }: Predictor): Learning {
  if (learning === undefined) throw new Error('it does not learn');
  return learning;
}

async function errorsOf(predictor: Predictor): Promise<{ error: number; held: number }> {
  let [error, held, count] = [0, 0, 0];
  await forecastRange(predictor, telemetry, START_H + TRAINING_HOURS, START_H + HOURS - LEADS, (block) => {
    for (let at = 0; at < block.values_kw.length; at++) {
      const row = Math.floor(at / LEADS);
      const station = row % 3;
      const issue = block.from_h - START_H + Math.floor(row / 3);
      const actual_kw = telemetry.values_kw[station]?.[issue + 1 + (at % LEADS)] ?? Number.NaN;
      if (Number.isNaN(actual_kw)) continue;
      count++;
      error += Math.abs(actual_kw - (block.values_kw[at] ?? 0)) / 10 ** station;
      if (actual_kw >= (block.low_kw[at] ?? Number.NaN) && actual_kw <= (block.high_kw[at] ?? Number.NaN)) held++;
    }
  });
  return { error: error / count, held: held / count };
}

test('training again gives the same bytes', async () => {
  const again = await trained('all');
  expect([...again.keys()]).toEqual([...all.keys()]);
  for (const [name, bytes] of again) expect(Buffer.compare(bytes, all.get(name) ?? new Uint8Array())).toBe(0);
});

test('the mixture of all beats the best plain method, and its interval holds what it says', async () => {
  const { error, held } = await errorsOf(openLinear('all', all));
  const plain = await errorsOf(fallback());
  expect(error).toBeLessThan(0.85 * plain.error);
  // Five weeks of three stations whose errors last for days say no more than this.
  expect(Math.abs(held - 0.9)).toBeLessThan(0.05);
});

test('hours that training must not see change nothing of what it makes', async () => {
  const blind = {
    ...telemetry,
    values_kw: telemetry.values_kw.map((values) => values.slice().fill(1e6, TRAINING_HOURS)),
  };
  for (const [name, bytes] of await trainLinear('all', blind, TRAINING_HOURS, () => {}))
    expect(Buffer.compare(bytes, all.get(name) ?? new Uint8Array())).toBe(0);
});

test('a state is a function of the days alone: folded in two sittings, alone or with others, it has the same bits', async () => {
  const learning = learningOf(openLinear('all', all));
  const origin_h = START_H + TRAINING_HOURS;
  const to_h = origin_h + 24 * 6;
  const once = (await new LearnedStates(learning, telemetry, origin_h).at(to_h)).slice();
  const stations = telemetry.stations.slice(1, 2);
  const alone = { ...telemetry, stations, values_kw: telemetry.values_kw.slice(1, 2) };
  const middle = (await new LearnedStates(learning, alone, origin_h).at(origin_h + 24 * 3)).slice();
  const resumed: Learning = { ...learning, initial: () => middle };
  const later = await new LearnedStates(resumed, alone, origin_h + 24 * 3).at(to_h);
  expect([...later]).toEqual([...once.subarray(learning.size, 2 * learning.size)]);
});

test('a day before, a state forecast as it then did', async () => {
  const predictor = openLinear('online', await trained('online'));
  const learning = learningOf(predictor);
  const states = new LearnedStates(learning, telemetry, START_H + TRAINING_HOURS);
  const yesterday = (await states.at(START_H + TRAINING_HOURS + 48)).slice(0, learning.size);
  const today = (await states.at(START_H + TRAINING_HOURS + 72)).slice(0, learning.size);
  const forecast = async (state: Float64Array) => {
    const end = TRAINING_HOURS + 60;
    const history_kw = telemetry.values_kw[0]?.slice(end + 1 - HISTORY_HOURS, end + 1) ?? new Float64Array();
    const batch = { station_ids: ['s0'], issue_h: Int32Array.of(START_H + end), history_kw, states: state };
    return [...(await predictor.forecast(batch)).values_kw];
  };
  expect(await forecast(learning.dayBefore?.(today) ?? new Float64Array())).toEqual(await forecast(yesterday));
  expect(await forecast(today)).not.toEqual(await forecast(yesterday));
});

test('an expert that is always wrong gets no weight, and one that says nothing spoils nothing', async () => {
  const far: Predictor = {
    kind: 'far',
    forecast: async ({ issue_h }) => {
      const values_kw = new Float64Array(issue_h.length * LEADS).fill(1e5);
      return { values_kw, low_kw: values_kw, high_kw: values_kw };
    },
    dispose() {},
  };
  const silent: Predictor = {
    ...far,
    forecast: async (batch) => {
      const { values_kw } = await far.forecast(batch);
      const nothing = values_kw.fill(Number.NaN);
      return { values_kw: nothing, low_kw: nothing, high_kw: nothing };
    },
  };
  const names = { fallback: fallback(), far, silent };
  const experts = Object.entries(names).map(([name, predictor]) => ({ name, predictor }));
  const learning = learningOf(ensemble('ensemble', experts, new Float64Array(LEADS).fill(2)));
  const states = await new LearnedStates(learning, telemetry, START_H + HISTORY_HOURS).at(START_H + 24 * 40);
  const weights = learning.weights?.(states.subarray(0, learning.size)) ?? [];
  expect(weights).toHaveLength(12);
  for (const { expert, weight } of weights) if (expert === 'far') expect(weight).toBe(0);
});
