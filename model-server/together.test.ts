import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import type { Batch, Predictor } from './predictor.ts';
import { seasonal } from './seasonal.ts';
import { Together } from './together.ts';

/** So many stations, of each a history that repeats `kw` and counts on. */
function batchOf(kw: number, rows: number): Batch {
  const history_kw = new Float64Array(rows * HISTORY_HOURS).map((_, i) => kw + Math.floor(i / HISTORY_HOURS));
  return { station_ids: Array.from({ length: rows }, String), issue_h: new Int32Array(rows).fill(400_000), history_kw };
}

function watched(model: Predictor = seasonal(24)) {
  const calls: number[] = [];
  const notes: (readonly string[])[] = [];
  const together = new Together<string>((batch, told) => {
    calls.push(batch.issue_h.length);
    notes.push(told);
    return model.forecast(batch);
  });
  return { calls, notes, together };
}

test('what is asked in one turn is one call, and each gets its own rows', async () => {
  const { calls, notes, together } = watched();
  const asked = [batchOf(10, 1), batchOf(20, 3), batchOf(30, 2)];
  const forecasts = await Promise.all(asked.map((batch, i) => together.forecast(batch, `request ${i}`)));
  expect(calls).toEqual([6]);
  expect(notes).toEqual([['request 0', 'request 1', 'request 2']]);
  for (const [i, batch] of asked.entries()) expect(forecasts[i]).toEqual(await seasonal(24).forecast(batch));
});

test('while the predictor is busy the next call gathers, up to a bound', async () => {
  const gates: (() => void)[] = [];
  const model = seasonal(24);
  const slow: Predictor = {
    ...model,
    forecast: (batch) => new Promise((resolve) => gates.push(() => resolve(model.forecast(batch)))),
  };
  const { calls, together } = watched(slow);
  const first = together.forecast(batchOf(1, 1), '');
  await new Promise(setImmediate);
  const later = Array.from({ length: 5 }, (_, i) => together.forecast(batchOf(i, 40), ''));
  await new Promise(setImmediate);
  expect(calls).toEqual([1]);
  const passed = Promise.all([first, ...later]);
  for (let open = 0; open < 3; open++) {
    gates[open]?.();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  expect((await passed).map(({ values_kw }) => values_kw.length / LEADS)).toEqual([1, 40, 40, 40, 40, 40]);
  expect(calls).toEqual([1, 120, 80]);
});

test('a predictor that fails fails those who asked, and nobody after them', async () => {
  let fail = true;
  const model = seasonal(24);
  const { together } = watched({
    ...model,
    forecast: (batch) => (fail ? Promise.reject(new Error('broken')) : model.forecast(batch)),
  });
  const both = [together.forecast(batchOf(1, 1), ''), together.forecast(batchOf(2, 1), '')];
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fail = false;
  expect((await together.forecast(batchOf(3, 1), '')).values_kw[0]).toBe(3);
});
