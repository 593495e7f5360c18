import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../core/plan.ts';
import { apartIn, parseInventory } from './inventory.ts';

const csv = 'station_id,name,region,criticality\na-1,Alpha,north,high\n"b 1",Beta,south,\n';

test('an inventory gives the three columns, whatever else it has', () => {
  expect(parseInventory(csv, 'stations.csv')).toEqual([
    { station_id: 'a-1', region: 'north', criticality: 'high' },
    { station_id: 'b 1', region: 'south', criticality: '' },
  ]);
});

test('what is no inventory is refused with its place', () => {
  const fault = (text: string) => () => parseInventory(text, 'stations.csv');
  expect(fault('station_id,region,criticality\n')).toThrow('stations.csv: has no station');
  expect(fault('station_id,area\na,b\n')).toThrow('stations.csv:1: lacks region, criticality');
  expect(fault('station_id,region,criticality\na,b\n')).toThrow(/^stations.csv:2: Invalid Record Length/);
});

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(file, 'utf8');
const apart = (stations: string, csv: string | null) => {
  const text = `${shipped}stations: ${stations}\n`;
  return apartIn({ plan: parsePlan(text, file), text, file }, async () => csv);
};

test('a plan without an inventory asks for no file', async () => {
  const text = `${shipped}stations: { pinned: [{ id: a }] }\n`;
  const none = (asked: string) => Promise.reject(new Error(`asked for ${asked}`));
  expect(await apartIn({ plan: parsePlan(text, file), text, file }, none)).toEqual({ pinned: ['a'], kept_out: [] });
});

test('a fault of an inventory, or of what is chosen from it, names the line of the plan', async () => {
  const rules = '{ inventory: rollouts/stations.csv, pinned: [{ region: nroth }] }';
  await expect(apart(rules, null)).rejects.toThrow(
    /^rollouts\/forecast.yaml:138:24 stations.inventory: there is no rollouts\/stations.csv; add it, or correct its path$/,
  );
  await expect(apart(rules, 'station_id\na\n')).rejects.toThrow(
    /^rollouts\/stations.csv:1: lacks region, criticality \(rollouts\/forecast.yaml:138:24 stations.inventory names it\); /,
  );
  await expect(apart(rules, csv)).rejects.toThrow(
    /^rollouts\/forecast.yaml:138:56 stations.pinned\[0\]: no station of rollouts\/stations.csv is \{"region":"nroth"\}/,
  );
});
