import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { releaseFlags } from '../core/compile/flags.ts';
import type { BacktestVerdict } from '../core/judge/backtest-sentence.ts';
import { metrics } from '../core/metrics.ts';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import type { ScorerProcess } from './scorer-process.ts';
import * as world from './stand-in-world.ts';
import { withScorers, writeBacktest } from './with-scorers.ts';

/** The guard speaks from its 24th judged hour on: the first target hour is the 24th after the first issue hour, and truth takes six. */
const HOURS = 58;
const { START_H } = world;
const here = withScorers();
const arms = ['control', 'weekly', 'wild'];
const flags = releaseFlags(
  {},
  { default: 'control', expected: 'weekly', shares: { control: 40, weekly: 30, wild: 30 } },
);
const manifest = canonicalJson({ model: 'sha256:a', arms: Object.fromEntries(arms.map((arm) => [arm, arm])), flags });
const release = sha256(manifest);

/** As wrong as nothing that anybody would train: 500 kW too much in every hour. */
const wild: world.Predict = (history_kw) =>
  world
    .seasonal(48)(history_kw)
    .map((kw) => (kw ?? 0) + 500);

beforeEach(() => {
  const file = join(here.folder, registryPath.release(release));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, manifest);
  for (const arm of arms) giveBacktest(arm, 'safe');
  here.services.canary = { release, pod_hash: 'new', arm: 'control', predict: world.seasonal(48) };
  here.services.others = [
    { ...here.services.canary, arm: 'weekly', predict: world.seasonal(168) },
    { ...here.services.canary, arm: 'wild', predict: wild },
  ];
});

function giveBacktest(arm: string, verdict: BacktestVerdict): void {
  const sentence = `Over 120 days ${arm} was ${verdict}.`;
  writeBacktest(here.folder, { ...world.backtest(), candidate_release: release, arm, verdict, sentence }, arm);
}

async function hours(scorer: ScorerProcess, from: number, to: number): Promise<void> {
  for (let h = START_H + from; h < START_H + to; h++)
    await scorer.post('/v1/observations', { entries: [world.entryAt(h)] });
}

/** What is known of the arms, and what the pods of the release are told. */
async function known(scorer: ScorerProcess) {
  const { current, others } = await scorer.settled();
  const harms = [current, ...others].map((arm) => [arm?.arm, arm?.switched_off, arm?.harm]);
  return { harms, events: await events(scorer), told: await told(scorer) };
}

async function events(scorer: ScorerProcess): Promise<unknown[]> {
  return Object(await (await fetch(`${scorer.url}/v1/switches`)).json()).events;
}

async function told(scorer: ScorerProcess, asked: Record<string, string> = { last_hours: '1' }): Promise<unknown> {
  const query = new URLSearchParams({ release, ...asked });
  return Object(await (await fetch(`${scorer.url}/v1/observations?${query}`)).json()).switches;
}

async function put(scorer: ScorerProcess, path: string, body: object) {
  const answer = await fetch(`${scorer.url}/v1/switches/${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: Object(await answer.json()) };
}

async function exported(scorer: ScorerProcess): Promise<string[]> {
  const text = await (await fetch(`${scorer.url}/metrics`)).text();
  const name = metrics.arm_switched_off.name;
  return [...text.matchAll(new RegExp(`^${name}\\{.*arm="(\\w+)"\\} (.*)$`, 'gm'))].map(
    ([, arm, off]) => `${arm} ${off}`,
  );
}

test('an arm that the guard proves harmful goes off by itself, once, and a scorer that is killed on the way finds the same', async () => {
  const scorer = await here.started();
  await hours(scorer, 0, HOURS);
  const found = await known(scorer);
  const [, , [, , harm] = []] = found.harms;
  expect(found.harms).toEqual([
    ['control', false, null],
    ['weekly', false, null],
    [
      'wild',
      true,
      { closed_h: START_H + 47, sentence: expect.stringMatching(/^After 24 judged hours .* proven worse/) },
    ],
  ]);
  const why = Object(harm).sentence;
  expect(found.events).toEqual([
    { release, arm: 'wild', off: true, who: 'scorer', why, settled_h: expect.any(Number) },
  ]);
  expect(found.told).toEqual({ version: 1, off: ['wild'] });
  expect(await exported(scorer)).toEqual(['control 0', 'weekly 0', 'wild 1']);
  const { arms: stand } = await scorer.status();
  expect(stand?.standings.map(({ arm, off, harm }) => [arm, off, harm])).toEqual([
    ['control', false, null],
    ['weekly', false, null],
    ['wild', true, why],
  ]);
  // Last week's hours are like yesterday's: neither is worse by what the guard could prove.
  expect(stand?.winner.sentence).toMatch(/^Arm (control|weekly) leads: .* is not proven\.$/);

  const killed = await here.started('killed');
  for (let h = 0; h < HOURS; h++) {
    await hours(killed, h, h + 1);
    if (h % 9 !== 8) continue;
    await killed.end('SIGKILL');
    await killed.start();
  }
  const again = await known(killed);
  expect(again.harms).toEqual(found.harms);
  expect(again.told).toEqual(found.told);
  expect(again.events).toEqual([{ ...Object(found.events[0]), settled_h: expect.any(Number) }]);
});

test('the default arm is never switched off: where it harms, the gates abort the release', async () => {
  here.services.canary = { ...here.services.canary, predict: wild };
  here.services.others = [];
  const scorer = await here.started();
  await hours(scorer, 0, HOURS);
  const { harms, events: moved } = await known(scorer);
  expect(harms[0]).toEqual(['control', false, { closed_h: START_H + 47, sentence: expect.any(String) }]);
  expect(moved).toEqual([]);
});

test('an arm whose backtest says abort is off before anything is judged live', async () => {
  giveBacktest('weekly', 'abort');
  const scorer = await here.started();
  await hours(scorer, 0, 1);
  const { harms, events: moved } = await known(scorer);
  expect(harms.map(([arm, off]) => [arm, off])).toEqual([
    ['control', false],
    ['weekly', true],
    ['wild', false],
  ]);
  expect(moved).toMatchObject([{ arm: 'weekly', who: 'scorer', why: 'Over 120 days weekly was abort.' }]);
});

test('whoever moves a switch says who and why; it acts at once, and is there after a kill', async () => {
  const scorer = await here.started();
  await hours(scorer, 0, 1);
  await scorer.settled();
  const waiting = told(scorer, { after: '1', wait_ms: '30000', switched: '0' });
  const people = { who: 'mia@example.org', why: 'wild answers a thousandfold' };
  expect(await put(scorer, `${release}/wild`, { off: true, ...people })).toMatchObject({
    status: 200,
    body: { version: 1, off: ['wild'] },
  });
  expect(await waiting).toEqual({ version: 1, off: ['wild'] });
  // Once more: it is so already, and nothing is recorded.
  await put(scorer, `${release}/wild`, { off: true, ...people });
  await put(scorer, `${release}/*`, { off: true, ...people, why: 'until we know what it is' });
  await scorer.end('SIGKILL');
  await scorer.start();
  expect((await known(scorer)).harms.map(([arm, off]) => [arm, off])).toEqual([
    ['control', false],
    ['weekly', true],
    ['wild', true],
  ]);
  await put(scorer, `${release}/*`, { off: false, ...people, why: 'it was wild alone' });
  expect(await told(scorer)).toEqual({ version: 3, off: ['wild'] });
  expect(await events(scorer)).toEqual([
    { release, arm: '*', off: false, ...people, why: 'it was wild alone', settled_h: START_H },
    { release, arm: '*', off: true, ...people, why: 'until we know what it is', settled_h: START_H },
    { release, arm: 'wild', off: true, ...people, settled_h: START_H },
  ]);
});

test('a switch that cannot be is refused with what could be', async () => {
  const scorer = await here.started();
  const why = 'because of a reason';
  const refused = async (path: string, body: object) => {
    const { status, body: problem } = await put(scorer, path, body);
    return `${status} ${problem.detail}`;
  };
  const mia = { off: true, who: 'mia', why };
  expect(await refused(`${release}/weakly`, mia)).toBe(
    '404 "weakly" is no arm of this release; it has control, weekly, wild, and * for all but the default one',
  );
  expect(await refused(`${release}/control`, mia)).toBe(
    '409 "control" answers where other arms are off, so it cannot be; abort or revert the release instead',
  );
  expect(await refused(`${world.CANDIDATE}/wild`, mia)).toBe(
    `404 the registry has no release ${world.CANDIDATE} whose arms go by a flag`,
  );
  expect(await refused('none/wild', mia)).toBe('404 the registry has no release none whose arms go by a flag');
  expect(await refused(`${release}/wild`, { ...mia, why: 'so' })).toMatch(/^400 .*why/);
  expect(await refused(`${release}/wild`, { off: true, why })).toMatch(/^400 .*who/);
  expect(await events(scorer)).toEqual([]);
});
