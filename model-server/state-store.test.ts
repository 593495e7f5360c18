import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { statesPath } from '../core/registry.ts';
import { decodeTable, encodeTable, type LearnedTable } from './state-file.ts';
import { KEPT_BOUNDARIES, StateStore } from './state-store.ts';

const release = `sha256:${'ab'.repeat(32)}`;
const BOUNDARY_H = 24 * 20_000;
let folder: string;
let damaged: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-states-'));
  damaged = [];
});
afterEach(() => rm(folder, { recursive: true }));

const store = (size = 2) =>
  new StateStore(folder, { release, arm: 'online', size }, (path, { message }) => damaged.push(`${path}: ${message}`));
const table = (days: number, ...numbers: number[]): LearnedTable => ({
  boundary_h: BOUNDARY_H + 24 * days,
  size: 2,
  station_ids: ['über', 'b'],
  states: Float64Array.from(numbers),
});
const fileOf = (days: number) => join(folder, statesPath(release, 'online'), `${BOUNDARY_H + 24 * days}.states`);

test('a table is read as it was written, bit for bit', async () => {
  const written = table(0, 1 / 3, -0, Number.NaN, Number.MIN_VALUE);
  await store().publish(written);
  expect(await store().read(BOUNDARY_H)).toEqual(written);
  expect(damaged).toEqual([]);
});

test('whoever publishes a boundary first is the one that counts', async () => {
  await store().publish(table(0, 1, 2, 3, 4));
  expect((await store().publish(table(0, 5, 6, 7, 8))).states).toEqual(Float64Array.of(1, 2, 3, 4));
  const racing = await Promise.all([...Array(8).keys()].map((i) => store().publish(table(1, i, i, i, i))));
  expect(new Set(racing.map(({ states }) => states.join())).size).toBe(1);
  expect((await readdir(join(fileOf(0), '..'))).toSorted()).toEqual([
    `${BOUNDARY_H}.states`,
    `${BOUNDARY_H + 24}.states`,
  ]);
});

test('a file of which any byte is wrong, or the end is missing, is told of, not used, and replaced', async () => {
  await store().publish(table(0, 1, 2, 3, 4));
  const whole = await readFile(fileOf(0));
  for (let at = 0; at < whole.length; at += 7) {
    const wrong = Uint8Array.from(whole);
    wrong[at] = (wrong[at] ?? 0) ^ 1;
    await writeFile(fileOf(0), wrong);
    expect(await store().read(BOUNDARY_H)).toBeUndefined();
  }
  for (const bytes of [0, 10, 32, whole.length - 1]) {
    await writeFile(fileOf(0), whole);
    await truncate(fileOf(0), bytes);
    expect(await store().read(BOUNDARY_H)).toBeUndefined();
  }
  expect(damaged[0]).toContain(`${fileOf(0)}: its ${whole.length} bytes do not have the digest that they end with`);
  expect((await store().publish(table(0, 5, 6, 7, 8))).states).toEqual(Float64Array.of(5, 6, 7, 8));
  expect((await store().read(BOUNDARY_H))?.states).toEqual(Float64Array.of(5, 6, 7, 8));
});

test('a table of another model, or under the name of another boundary, is not used', async () => {
  await store().publish(table(0, 1, 2, 3, 4));
  expect(await store(4).read(BOUNDARY_H)).toBeUndefined();
  await writeFile(fileOf(1), await readFile(fileOf(0)));
  expect(await store().read(BOUNDARY_H + 24)).toBeUndefined();
  expect(damaged).toHaveLength(2);
});

test('the newest table at or before a boundary is found, over a damaged one', async () => {
  for (const day of [0, 1, 2]) await store().publish(table(day, day, day, day, day));
  await truncate(fileOf(1), 5);
  expect((await store().newest(BOUNDARY_H + 24 * 9))?.boundary_h).toBe(BOUNDARY_H + 48);
  expect((await store().newest(BOUNDARY_H + 47))?.boundary_h).toBe(BOUNDARY_H);
  expect(await store().newest(BOUNDARY_H - 1)).toBeUndefined();
  expect(
    await new StateStore(join(folder, 'none'), { release, arm: 'online', size: 2 }, () => {}).newest(BOUNDARY_H),
  ).toBeUndefined();
});

test('two weeks of boundaries are kept', async () => {
  for (let day = 0; day <= KEPT_BOUNDARIES; day++) await store().publish(table(day, 1, 2, 3, 4));
  expect(existsSync(fileOf(0))).toBe(false);
  expect(existsSync(fileOf(1))).toBe(true);
});

test('a table whose numbers do not fit its stations is refused', () => {
  const bytes = encodeTable({ ...table(0, 1, 2, 3, 4), station_ids: ['a'] });
  expect(() => decodeTable(bytes)).toThrow('it holds 4 numbers for 1 stations of 2');
});
