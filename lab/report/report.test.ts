import { expect, test } from 'vitest';
import { escapeText } from '../../core/html.ts';
import type { Verdict } from '../../core/verdict.ts';
import { type Example, exampleOf } from './example.ts';
import { renderReport } from './report.ts';

const attack = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&\u202e\u0007`;

/** What a page has that it must not have; short, so that a failure can be read. */
const found = (page: string, what: RegExp) => [...page.matchAll(what)].map(([text]) => text);

/** Puts the attack into every text of a value that a program, a file or a person could have written, and into the keys of `named`. */
function poisoned<T>(value: T, keep: RegExp, key = ''): T {
  if (typeof value === 'string') return (keep.test(key) ? value : `${value}${attack}`) as T;
  if (Array.isArray(value)) return value.map((inner) => poisoned(inner, keep, key)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [named.test(key) ? `${k}${attack}` : k, poisoned(v, keep, k)]),
  ) as T;
}

const structural = /^(at|.*_at|day|kind|phase|outcome|verdict|ended)$/;
/** Records whose keys are names from elsewhere. */
const named = /^versions$/;

test.each(['good', 'slow'] as const)(
  'scenario %s: one file, nothing from elsewhere, nothing that runs',
  async (scenario) => {
    const { verdict, timeline, extras } = exampleOf(scenario);
    const page = await renderReport(verdict, timeline, extras);
    expect(found(page, /https?:|\burl\((?!#)|@import|<link|<script|<iframe|\bsrc=|\bon\w+=/gi)).toEqual([]);
    expect(page.length).toBeLessThan(1_000_000);
  },
);

test('whatever the texts say, they stay texts', async () => {
  const clean = exampleOf('slow');
  const { verdict, timeline, extras }: Example = poisoned(clean, structural);
  const page = await renderReport(verdict, timeline, extras);
  expect(found(page, /<script|<img|[\p{Cf}]|(?![\n\t])\p{Cc}/giu)).toEqual([]);
  const tags = (text: string) =>
    (text.match(/<(?!\/)[a-z]+/g) ?? []).filter((tag) => tag !== '<tr' && tag !== '<td' && tag !== '<th');
  const others = new Set(tags(await renderReport(clean.verdict, clean.timeline, clean.extras)));
  expect(tags(page).filter((tag) => !others.has(tag))).toEqual([]);
  for (const text of [attack, clean.verdict.reason, ...Object.keys(verdict.versions)])
    expect(page.includes(escapeText(text))).toBe(true);
});

test('the plot of accuracy names the bound that aborts, which an accepted loss moves', async () => {
  const { verdict, timeline, extras } = exampleOf('slow');
  const page = (accepted_loss: boolean) => renderReport(verdict, timeline, { ...extras, accepted_loss });
  expect(await page(false)).toContain('abort with the lower bound above 1 %');
  expect(await page(true)).toContain('abort with the lower bound above 6 %');
});

test('tables have headers, graphics have names, ids are unique, headings are in order', async () => {
  const { verdict, timeline, extras } = exampleOf('slow');
  const page = await renderReport(verdict, timeline, extras);
  for (const table of page.match(/<table>.*?<\/table>/gs) ?? []) expect(table).toMatch(/<th scope="col"/);
  const graphics = page.match(/<svg[^>]*>/g) ?? [];
  expect(graphics.length).toBeGreaterThan(15);
  for (const graphic of graphics) expect(graphic).toMatch(/role="img" aria-label/);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, ids_named = ''] of page.matchAll(/aria-labelledby="([^"]+)"/g))
    for (const id of ids_named.split(' ')) expect(ids).toContain(id);
  expect([...page.matchAll(/<h(\d)/g)].map(([, level]) => level).join('')).toMatch(/^12+$/);
});

test('the failing gate comes first and open, with its limit and its query; passed ones are closed', async () => {
  const { verdict, timeline, extras } = exampleOf('slow');
  const page = await renderReport(verdict, timeline, extras);
  const cards = page.match(/<details class="gate [^>]*>.*?<strong>[^<]*/gs) ?? [];
  expect(cards[0]).toMatch(/^<details class="gate failed" open>.*<strong>latency$/s);
  expect(cards.slice(1).every((card) => card.startsWith('<details class="gate passed">'))).toBe(true);
  expect(page.includes('rate(latency_bucket{pod_hash=&quot;7c9d4f6b8&quot;')).toBe(true);
  expect(page.includes('failed (1) &gt; failureLimit (0)')).toBe(true);
  expect(page.includes('until Envoy&#39;s weight was 0')).toBe(true);
});

test('of several arms each has its word and its sentence', async () => {
  const { verdict, timeline, extras } = exampleOf('good');
  const { arms: _, ...said } = verdict.backtest;
  const arms = (['all', 'weekly'] as const).map((arm) => ({ ...said, arm, sentence: `What ${arm} is worth.` }));
  const page = await renderReport({ ...verdict, backtest: { ...said, arms } }, timeline, extras);
  expect(
    found(page, /<th scope="row">(?:all|weekly)<\/th><td class="passed">win<\/td><td>What \w+ is worth/g),
  ).toHaveLength(2);
  expect(await renderReport(verdict, timeline, extras)).not.toContain('<th scope="col">Arm</th>');
});

test('a refused release has a report without a rollout', async () => {
  const { verdict, extras } = exampleOf('good');
  const refused: Verdict = {
    ...verdict,
    outcome: 'refused',
    phases: [],
    gates: [],
    accuracy: { mae_ratio: null, lower: null, upper: null, hours: 0 },
    latency_ms_p99: { stable: null, canary: null },
  };
  const page = await renderReport(refused, null, { ...extras, replay: null });
  expect(page.includes('No gate was measured.')).toBe(true);
  expect(page.includes('What happened')).toBe(false);
  expect(page.match(/<figure>/g)).toHaveLength(1);
});

test('a rollout that ended before anything was measured has a report too', async () => {
  const { verdict, timeline, extras } = exampleOf('slow');
  const empty = { ...timeline, events: [], runs: [], samples: [] };
  const page = await renderReport({ ...verdict, gates: [] }, empty, { ...extras, daily_loss_ratio: [] });
  expect(found(page, /NaN|Infinity|undefined/g)).toEqual([]);
});
