import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../core/plan.ts';
import { checkNamed } from './named-by-plan.ts';

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(file, 'utf8');
const flags = readFileSync('rollouts/forecast.flags.json', 'utf8');
const old = '"old-model": { "state": "ENABLED", "variants": { "on": true }, "defaultVariant": "on" }';

/** What is told of a plan in a repository of these files. */
async function toldOf(text: string, files: Record<string, string>, name = file): Promise<string> {
  const read = async (path: string) => files[path] ?? null;
  try {
    await checkNamed({ plan: parsePlan(text, name), text, file: name }, read);
    return 'nothing';
  } catch (error) {
    return String(error);
  }
}

const runbook = { 'docs/runbooks/forecast-release.md': '# Runbook' };

test('a runbook that is not there is told at its line; one elsewhere, and one of a plan from elsewhere, is not looked for', async () => {
  expect(await toldOf(shipped, runbook)).toBe('nothing');
  expect(await toldOf(shipped, {})).toBe(
    'InputError: rollouts/forecast.yaml:7:10 runbook: there is no docs/runbooks/forecast-release.md in this repository; add it, or correct its path',
  );
  const elsewhere = shipped.replace('docs/runbooks/forecast-release.md', 'https://wiki.example.org/forecast');
  expect(await toldOf(elsewhere, {})).toBe('nothing');
  expect(await toldOf(shipped, {}, '../another/plan.yaml')).toBe('nothing');
});

test('a flag that goes is one of the flags file', async () => {
  const retiring = (name: string) => shipped.replace('- retire:', `- retire:\n      flags: [${name}]`);
  const files = { ...runbook, 'rollouts/forecast.flags.json': flags.replace('"arm"', `${old}, "arm"`) };
  expect(await toldOf(retiring('old-model'), files)).toBe('nothing');
  expect(await toldOf(retiring('old-mdel'), files)).toBe(
    'InputError: rollouts/forecast.yaml:44:15 phases[8].retire.flags[0]: "old-mdel" is no flag of rollouts/forecast.flags.json; did you mean "old-model"?',
  );
  expect(await toldOf(retiring('old-model'), runbook)).toContain(
    '"old-model" is no flag of rollouts/forecast.flags.json, which is not there; remove it',
  );
});
