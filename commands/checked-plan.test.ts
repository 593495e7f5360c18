import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkedPlan } from './checked-plan.ts';

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(file, 'utf8');
const inventory = 'stations: { inventory: stations.csv }\n';
const nothing = async () => null;

/** `place path` of each fault. */
async function places(text: string): Promise<string[]> {
  const told = await checkedPlan(text, file, nothing).then(String, (error: Error) => error.message);
  return told.split('\n').map((line) => line.replace(/: .*/, ''));
}

test('what is wrong in a plan and what it names that is not there are told at once', async () => {
  const named = ['rollouts/forecast.yaml:7:10 runbook', 'rollouts/forecast.yaml:138:24 stations.inventory'];
  expect((await places(shipped + inventory)).sort()).toEqual(named.toReversed());
  const invalid = shipped.replace('service: forecast', 'service: Forecast');
  expect(await places(invalid + inventory)).toEqual(['rollouts/forecast.yaml:5:10 service', ...named]);
});

test('what is told of a name by itself is not told a second time', async () => {
  const twice = shipped.replace(/^runbook: .*$/m, 'runbook: docs/no where.md');
  expect(await places(twice)).toEqual(['rollouts/forecast.yaml:7:10 runbook']);
});

test('of what is no YAML nothing else is told', async () => {
  expect(await places(`${shipped}\nstations: [`)).toHaveLength(1);
});
