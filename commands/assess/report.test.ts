import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assess } from '../../core/assessment/assess.ts';
import { exampleChoices, exampleFacts, strategy } from '../../core/assessment/example-facts.ts';
import { escapeText } from '../../core/html.ts';
import { defaultJudge } from '../../core/judge/settings.ts';
import { renderAssessment } from './report.ts';

const plan = {
  text: readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'),
  file: 'rollouts/forecast.yaml',
  tariff: defaultJudge.tariff,
  success: strategy,
};
const { before, after } = exampleChoices;
const extras = { generated_at: '2026-07-01T00:00:00Z', notice: '' };
const from = { facts: 'recorded days of a test', resources: 'CPU of 9 days from <a place>' };
const found = (page: string, what: RegExp) => [...page.matchAll(what)].map(([text]) => text);

async function pageOf(texts: string[], source = 'the owner'): Promise<string> {
  const facts = exampleFacts({ ...exampleChoices, texts });
  const assumptions = { cpu_hour: { value: 1, source } };
  return renderAssessment(assess({ facts, before, after, assumptions, plan, from }), extras);
}

test('one file that needs nothing else, with every answer, caveat and amount in it', async () => {
  const page = await pageOf(['It is better.']);
  expect(found(page, /https?:|\burl\((?!#)|@import|<link|<script|<iframe|\bsrc=|\bon\w+=/gi)).toEqual([]);
  const { criteria, cannot_be_concluded, roi } = assess({
    ...{ facts: exampleFacts(exampleChoices), before, after, plan, from },
    assumptions: { cpu_hour: { value: 1, source: 'the owner' } },
  });
  const said = [...criteria, ...cannot_be_concluded, roi].map(({ sentence }) => sentence);
  expect(said.filter((sentence) => !page.includes(escapeText(sentence)))).toEqual([]);
  expect(found(page, /<svg class="plot wide"/g)).toHaveLength(5);
  expect(page).toContain('<blockquote>It is better.</blockquote>');
});

test('whatever people write stays text', async () => {
  const attack = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&\u202e\u0007`;
  const page = await pageOf([attack, '</blockquote><h1>'], attack);
  expect(found(page, /<script|<img|[\p{Cf}]|(?![\n\t])\p{Cc}|<\/blockquote><h1>/giu)).toEqual([]);
  expect(page.split(escapeText(attack)).length).toBeGreaterThan(2);
});

test('where nothing was recorded the page says so', async () => {
  const facts = exampleFacts(exampleChoices).map((fact) => ({
    ...fact,
    ...{ accuracy: null, energy: null, latency_counts: null, resources: null, engagement: null, feedback: null },
  }));
  const page = await renderAssessment(assess({ facts, before, after, assumptions: {}, plan, from }), extras);
  expect(found(page, /<svg|NaN|undefined|null|Infinity/g)).toEqual([]);
  expect(page).toContain('? cannot be concluded');
});
