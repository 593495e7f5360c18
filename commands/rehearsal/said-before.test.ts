import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Backtest } from '../../core/judge/backtest.ts';
import { registryPath } from '../../core/registry.ts';
import { backtest } from '../../scorer/stand-in-world.ts';
import { judgeOnTop, type SaidBefore } from './said-before.ts';

let registry = '';
beforeEach(() => {
  registry = mkdtempSync(path.join(tmpdir(), 'gridramp-said-'));
});
afterEach(() => rmSync(registry, { recursive: true }));

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const [candidate, a, b] = [digest('c'), digest('a'), digest('b')];
const said = (stable_release: string, tries: number): Backtest => ({
  ...backtest(),
  ...{ candidate_release: candidate, stable_release, tries },
});

/** Says it with one try more; resolves with what was said before. */
async function tried(stable: string, arm: string | null = null): Promise<SaidBefore | undefined> {
  let seen: SaidBefore | undefined;
  await judgeOnTop(registry, { candidate, stable }, [arm], ([before]) => {
    seen = before;
    return [{ backtest: { ...said(stable, 1 + (before?.tries ?? 0)), arm } }];
  });
  return seen;
}

test('what was said against one stable stands after another was compared with, and tries are the candidate’s', async () => {
  expect(await tried(a)).toEqual({ said: null, tries: 0 });
  expect(await tried(b)).toEqual({ said: null, tries: 1 });
  expect(await tried(a)).toEqual({ said: said(a, 1), tries: 2 });
  expect(await tried(a, 'other')).toEqual({ said: null, tries: 0 });
});

test('side by side, each counts on what the one before it wrote', async () => {
  const before = await Promise.all([a, b, a, b].map((stable) => tried(stable)));
  expect(before.map((told) => told?.tries).sort()).toEqual([0, 1, 2, 3]);
});

test('a damaged file is named, and not taken for none', async () => {
  await tried(b);
  const file = path.join(registry, registryPath.pairBacktest(candidate, b));
  writeFileSync(file, '{"schema": 1');
  const again = tried(b);
  await expect(again).rejects.toThrow(`${file}: not JSON`);
  await expect(again).rejects.toThrow('restore it, or delete it and with it the looks and tries that it counts');
});
