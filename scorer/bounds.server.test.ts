import { beforeEach, expect, test } from 'vitest';
import type { BusinessEvent } from '../core/business/events.ts';
import { metrics } from '../core/metrics.ts';
import { isoOfHour } from '../core/telemetry.ts';
import type { ScorerProcess } from './scorer-process.ts';
import * as world from './stand-in-world.ts';
import { withScorers } from './with-scorers.ts';

const { START_H, stations } = world;
const MOST_OTHERS = 32;

const here = withScorers();
let scorer: ScorerProcess;

beforeEach(async () => {
  scorer = await here.started();
  await scorer.post('/v1/observations', { entries: [world.entryAt(START_H)] });
  await scorer.settled();
});

const stranger = (n: number): world.Version => ({ ...here.services.canary, release: `stranger-${n}` });
const strangers = (count: number) => Array.from({ length: count }, (_, n) => stranger(n));

async function ignored(kind: string, reason: string): Promise<number> {
  const text = await (await fetch(`${scorer.url}/metrics`)).text();
  return Number(new RegExp(`^${metrics.ignored.name}{kind="${kind}",reason="${reason}"} (\\d+)$`, 'm').exec(text)?.[1]);
}

test('records of more releases than a fleet runs, and of stations without readings, are counted as ignored and kept nowhere', async () => {
  const record = (version: world.Version, s = 0, more: object = {}) => ({
    ...world.recordOf(version, s, START_H),
    ...{ purpose: 'served', ...more },
  });
  const post = async (...records: object[]) => (await scorer.post('/v1/forecasts', { records })).body;
  const many = strangers(MOST_OTHERS + 8).map((version) => record(version));
  expect(await post(...many)).toEqual({ accepted: MOST_OTHERS, repeated: 0, ignored: 8 });
  expect(await post(record(here.services.canary, 0, { arm: 'odd' }))).toMatchObject({ ignored: 1 });
  expect(await post(record(here.services.stable, 0, { arm: 'odd' }))).toMatchObject({ ignored: 1 });
  expect(await post(record(here.services.canary), record(here.services.stable))).toMatchObject({ accepted: 2 });
  expect(await post(record(here.services.stable, 0, { station_id: 'nowhere' }))).toMatchObject({ ignored: 1 });
  expect(await ignored('forecast', 'release')).toBe(10);
  expect(await ignored('forecast', 'station')).toBe(1);
  await scorer.end('SIGKILL');
  await scorer.start();
  expect(await post(record(stranger(MOST_OTHERS)))).toMatchObject({ ignored: 1 });
  expect(await post(record(stranger(0)), record(stranger(0), 1))).toMatchObject({ repeated: 1, accepted: 1 });
});

test('so are events of more releases, and more events than people send', async () => {
  let told = 0;
  const event = ({ release, arm }: world.Version): BusinessEvent => ({
    ...{ event_id: `event-${++told}`, station_id: stations[0] ?? '', time: isoOfHour(START_H) },
    ...{ release, arm, kind: 'recommendation-shown' },
  });
  const post = async (...events: BusinessEvent[]) => (await scorer.post('/v1/events', { events })).body;
  expect(await post(...strangers(MOST_OTHERS + 8).map(event))).toMatchObject({ accepted: MOST_OTHERS, ignored: 8 });
  expect(await post(event(here.services.canary), event(here.services.stable))).toMatchObject({ accepted: 2 });
  await scorer.end('SIGKILL');
  await scorer.start();
  expect(await post(event(stranger(MOST_OTHERS)))).toMatchObject({ ignored: 1 });
  const thousand = () => Array.from({ length: 1000 }, () => event(here.services.canary));
  for (const _ of stations) expect(await post(...thousand())).toMatchObject({ accepted: 1000 });
  expect(await post(...thousand())).toMatchObject({ ignored: 1000 });
  expect(await ignored('event', 'number')).toBe(1000);
  await scorer.end('SIGKILL');
  await scorer.start();
  expect(await post(event(here.services.canary))).toMatchObject({ ignored: 1 });
});
