import { expect, test } from 'vitest';
import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { seasonal } from '../../model-server/seasonal.ts';
import { drawFault, extents } from './draw.ts';
import { type Ailing, ailing, type Fault, kinds } from './faults.ts';

const stations = ['a', 'b', 'c', 'd'];
const readings = (station_id: string) =>
  Float64Array.from({ length: HISTORY_HOURS }, (_, i) => 100 * (1 + stations.indexOf(station_id)) + (i % 24));
const batch = {
  station_ids: stations,
  issue_h: new Int32Array(4).fill(1000),
  history_kw: Float64Array.from(stations.flatMap((id) => [...readings(id)])),
};
const rowOf = (values_kw: Float64Array, row: number) => [...values_kw.subarray(row * LEADS, (row + 1) * LEADS)];

async function forecasts(fault: Fault | null, pod = 0): Promise<Float64Array> {
  const now: Ailing = { fault, history_kw: (station_id) => readings(station_id) };
  return (await ailing(pod, seasonal(24), seasonal(25), now).forecast(batch)).values_kw;
}

const at = (kind: Fault['kind'], hours = 1): Fault => ({
  kind,
  pods: new Set([0]),
  stations: new Map([['b', 'c']]),
  hours,
});

test.each(kinds)('%s: the stations it hits are wrong, the others and the other pods are not', async (kind) => {
  const honest = await forecasts(null);
  const wrong = await forecasts(at(kind));
  expect(rowOf(wrong, 1)).not.toEqual(rowOf(honest, 1));
  for (const row of [0, 2, 3]) expect(rowOf(wrong, row)).toEqual(rowOf(honest, row));
  expect(await forecasts(at(kind), 1)).toEqual(honest);
});

test('each is wrong in its own way', async () => {
  const honest = rowOf(await forecasts(null), 1);
  expect(rowOf(await forecasts(at('shifted hours', 2)), 1)).toEqual([...honest.slice(2), honest[23], honest[23]]);
  expect(rowOf(await forecasts(at('swapped stations')), 1)).toEqual(rowOf(await forecasts(null), 2));
  // Inputs that end three hours ago: each hour is forecast as three hours earlier would have been.
  expect(rowOf(await forecasts(at('stale inputs', 3)), 1).slice(3)).toEqual(honest.slice(0, -3));
});

test('what is drawn is within its extent', () => {
  const random = randomOf(3);
  for (let i = 0; i < 200; i++)
    for (const extent of extents) {
      const fault = drawFault('swapped stations', extent, { stations, pods: 3, random });
      expect(fault.pods.size).toBe(extent === 'everywhere' || extent === 'few stations, every pod' ? 3 : 1);
      if (extent.startsWith('few stations')) expect(fault.stations.size).toBeLessThan(4);
      else expect(fault.stations.size).toBe(4);
      for (const [station, other] of fault.stations) expect(other).not.toBe(station);
    }
});
