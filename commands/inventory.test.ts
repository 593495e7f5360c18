import { expect, test } from 'vitest';
import { apartIn, parseInventory } from './inventory.ts';

const csv = 'station_id,name,region,criticality\na-1,Alpha,north,high\n"b 1",Beta,south,\n';

test('an inventory gives the three columns, whatever else it has', () => {
  expect(parseInventory(csv, 'stations.csv')).toEqual([
    { station_id: 'a-1', region: 'north', criticality: 'high' },
    { station_id: 'b 1', region: 'south', criticality: '' },
  ]);
});

test('what is no inventory is refused with its place', () => {
  const fault = (text: string | null) => () => parseInventory(text, 'stations.csv');
  expect(fault(null)).toThrow('stations.csv: is not there; add it, or correct stations.inventory');
  expect(fault('station_id,region,criticality\n')).toThrow('stations.csv: has no station');
  expect(fault('station_id,area\na,b\n')).toThrow('stations.csv:1: lacks region, criticality');
  expect(fault('station_id,region,criticality\na,b\n')).toThrow(/^stations.csv:2: Invalid Record Length/);
});

test('a plan without an inventory asks for no file', async () => {
  const stations = { inventory: null, pinned: [{ id: 'a' }], kept_out: [] };
  const read = () => Promise.reject(new Error('nothing is to be read'));
  expect(await apartIn({ stations }, read)).toEqual({ pinned: ['a'], kept_out: [] });
});
