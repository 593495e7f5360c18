import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import schema from '../../core/plan.schema.json' with { type: 'json' };
import { registryPath } from '../../core/registry.ts';
import { createMeasures } from '../measures.ts';
import { trainedKinds } from '../train.ts';
import { noRecord, writeRecord } from './record.ts';

let registry: string;
beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-retraining-'));
});
afterEach(() => rm(registry, { recursive: true }));

test('a record is read anew by each scrape; a damaged one has no series and is told of once', async () => {
  const measures = createMeasures();
  const told: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void told.push(line) });
  const seriesOf = async () => {
    await measures.refreshRetrainings(registry, log);
    return (await measures.registry.metrics()).split('\n').filter((line) => /^gridramp_retraining/.test(line));
  };
  expect(await seriesOf()).toEqual([]);
  const counts = { ...noRecord('all').counts, waiting: 2 };
  await writeRecord(registry, { model: 'all', counts, last: null });
  for (const _scrape of [1, 2])
    expect(await seriesOf()).toContain('gridramp_retrainings_total{model="all",outcome="waiting"} 2');
  await mkdir(join(registry, 'retrainings'), { recursive: true });
  await writeFile(join(registry, registryPath.retraining('all')), '{"model":"all"}');
  for (const _scrape of [1, 2]) expect(await seriesOf()).toEqual([]);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("must have required property 'counts'");
});

test('a plan may name every kind that is trained, and no other', () => {
  expect(schema.properties.retraining.properties.model.enum.toSorted()).toEqual([...trainedKinds].sort());
});
