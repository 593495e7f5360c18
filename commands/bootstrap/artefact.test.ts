import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheRoot, folderOf, isMade, logFolder, make, markUsed, removeUnused } from './artefact.mjs';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'gridramp-artefact-'));
});
afterEach(() => {
  rmSync(cache, { recursive: true });
});

const work = { say: () => {}, log: '' };

function artefact(makeIt: (folder: string) => Promise<void>) {
  return {
    name: 'thing',
    title: 'Thing 1.0',
    key: '0123',
    files: ['program'],
    tools: [],
    typical_s: 1,
    disk_mb: 1,
    make: makeIt,
  };
}

const good = artefact(async (folder) => writeFileSync(join(folder, 'program'), 'whole'));

test('a maker that fails leaves nothing that looks made, and the next one succeeds', async () => {
  const failing = artefact(async (folder) => {
    writeFileSync(join(folder, 'program'), 'half');
    throw new Error('the compiler gave up');
  });
  await expect(make(cache, failing, work)).rejects.toThrow('the compiler gave up');
  expect(readdirSync(cache)).toEqual([]);
  await make(cache, good, work);
  expect(isMade(cache, good)).toBe(true);
});

test('a maker that did not make what it names fails', async () => {
  const empty = artefact(async () => {});
  await expect(make(cache, empty, work)).rejects.toThrow('program');
  expect(isMade(cache, empty)).toBe(false);
});

test('what a killed process left unfinished is cleared away', async () => {
  mkdirSync(join(cache, '.making-thing-0123'));
  writeFileSync(join(cache, '.making-thing-0123', 'rubbish'), '');
  await make(cache, good, work);
  expect(readdirSync(folderOf(cache, good)).sort()).toEqual(['artefact.json', 'program']);
});

test('a truncated or removed file is noticed and made again', async () => {
  await make(cache, good, work);
  truncateSync(join(folderOf(cache, good), 'program'), 2);
  expect(isMade(cache, good)).toBe(false);
  await make(cache, good, work);
  expect(readFileSync(join(folderOf(cache, good), 'program'), 'utf8')).toBe('whole');
  rmSync(join(folderOf(cache, good), 'program'));
  expect(isMade(cache, good)).toBe(false);
});

test('two that want the same thing at once make it once', async () => {
  let made = 0;
  const counted = artefact(async (folder) => {
    made += 1;
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(join(folder, 'program'), 'whole');
  });
  await Promise.all([make(cache, counted, work), make(cache, counted, work)]);
  expect(made).toBe(1);
});

test('only what no clone has used for a season is removed', async () => {
  const old = { ...good, key: 'old' };
  const inUse = { ...good, key: 'used' };
  const recent = { ...good, key: 'recent' };
  for (const each of [old, inUse, recent]) await make(cache, each, work);
  mkdirSync(join(cache, 'not-ours'));
  mkdirSync(logFolder(cache));
  const now = new Date();
  const longAgo = new Date(now.getTime() - 100 * 24 * 60 * 60 * 1000);
  for (const folder of [folderOf(cache, old), folderOf(cache, inUse), join(cache, 'not-ours')])
    utimesSync(folder, longAgo, longAgo);
  markUsed(cache, [inUse, { ...good, key: 'not-made' }], now);
  removeUnused(cache, now);
  expect([old, inUse, recent].map((each) => isMade(cache, each))).toEqual([false, true, true]);
  expect(existsSync(join(cache, 'not-ours'))).toBe(true);
});

test('the cache lies where the user says', () => {
  expect(cacheRoot({ GRIDRAMP_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheRoot({ GRIDRAMP_CACHE: '', XDG_CACHE_HOME: '/b' })).toBe('/b/gridramp');
  expect(cacheRoot({})).toMatch(/\/\.cache\/gridramp$/);
});
