import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gatesFor } from '../../analysis/gates.ts';
import { alertNames } from '../alert-names.ts';
import { type Plan, parsePlan } from '../plan.ts';
import type { Retirement } from '../plan-types.ts';
import { canonicalJson, sha256 } from '../release.ts';
import { alertRules, prometheusRule } from './alerts.ts';
import { exampleTarget as target } from './example-target.ts';
import { retiredRecord } from './retired.ts';

const text = readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8');
const shipped = parsePlan(text, 'forecast.yaml');
const gates = gatesFor(target);

function planWith(retirement: Partial<Retirement>): Plan {
  const steps = shipped.steps.map((step) => (step.kind === 'retire' ? { ...step, ...retirement } : step));
  return { ...shipped, steps };
}
const names = (plan: Plan) =>
  prometheusRule(plan, gates, target).spec.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));

test('nothing goes before somebody approved it', () => {
  const asked = planWith({ alerts: ['InputsDrift'], approved_by: null });
  expect(names(asked)).toContain('InputsDrift');
  expect(retiredRecord(asked, gates, target)).toEqual([]);
});

test('an approved alert goes, and its definition is kept under its digest', () => {
  const approved = planWith({ alerts: ['InputsDrift'], flags: ['old'], approved_by: 'A. Person' });
  expect(names(shipped).filter((name) => !names(approved).includes(name))).toEqual(['InputsDrift']);
  const rule = alertRules(shipped, gates, target).drift?.find(({ alert }) => alert === 'InputsDrift');
  const [record] = retiredRecord(approved, gates, target);
  expect(record?.metadata.name).toBe('forecast-retired');
  expect(JSON.parse(record?.data['retired.json'] ?? '')).toEqual([
    {
      approved_by: 'A. Person',
      predictors: { 'seasonal-24h': expect.stringMatching(/^sha256:/) },
      flags: ['old'],
      dashboards: [],
      alerts: [{ alert: 'InputsDrift', digest: sha256(canonicalJson(rule)), rule }],
    },
  ]);
});

test('what a plan may retire is every alert there is', () => {
  const made = gatesFor({ backtested: true }).concat(gatesFor({ backtested: false }));
  const rules = Object.values(alertRules(shipped, made, target)).flat();
  expect(rules.map(({ alert }) => alert).toSorted()).toEqual([...alertNames].toSorted());
});

test('the limits of alerts are those of the plan, and every alert says whose it is and what to read', () => {
  const groups = alertRules({ ...shipped, gates: { latency: { threshold: 42 } } }, gates, target);
  expect(groups.service?.find(({ alert }) => alert === 'LatencyDegraded')?.expr).toMatch(/ > 42$/);
  for (const { labels, annotations } of Object.values(groups).flat()) {
    expect(labels).toMatchObject({ owner: 'forecasting', service: 'forecast' });
    expect(annotations.runbook_url).toBe(shipped.runbook);
    expect(annotations.summary?.length).toBeGreaterThan(40);
  }
});
