import { expect, test } from 'vitest';
import { isTouched } from './touched.ts';

const files: Record<string, string> = {
  'Pulumi.production.yaml': 'config:\n  gridramp:plan: ./rollouts/forecast.yaml\n',
  'rollouts/forecast.yaml': 'runbook: docs/runbooks/forecast.md\nstations:\n  inventory: stations/all.csv\n',
  'Pulumi.odd.yaml': 'config:\n  gridramp:plan: rollouts/odd.yaml\n',
  'rollouts/odd.yaml': 'runbook: "docs/\\x61.md"\n',
  'Pulumi.none.yaml': 'config: {}\n',
};
const read = async (file: string) => files[file.replace('./', '')] ?? null;
const touched = (stack: string, ...changed: string[]) => isTouched(stack, changed, read);

test.each([
  'Pulumi.production.yaml',
  'rollouts/forecast.yaml',
  'rollouts/forecast.flags.json',
  'stations/all.csv',
  'docs/runbooks/forecast.md',
])('a change of %s touches the stack that it is part of', async (file) => {
  expect(await touched('production', 'README.md', file)).toBe(true);
});

test('a change of anything else does not', async () => {
  expect(await touched('production', 'Pulumi.staging.yaml', 'rollouts/other.yaml', 'core/plan.ts')).toBe(false);
  expect(await touched('production')).toBe(false);
});

test('a stack whose files cannot be told by looking is read', async () => {
  expect(await touched('odd')).toBe(true);
  expect(await touched('none')).toBe(true);
  expect(await touched('gone')).toBe(true);
});
