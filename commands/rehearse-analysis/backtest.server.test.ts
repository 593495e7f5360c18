import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawPlot } from '../../bench/plot.ts';
import { readReleases } from './backtest-file.ts';
import { backtest } from './backtest-run.ts';
import { backtestPlot, backtestText } from './backtest-text.ts';
import { writeExampleReleases } from './example-releases.ts';
import { readTemplate } from './template-file.ts';
import { variantsOfTemplate } from './variants.ts';

const folder = mkdtempSync(join(tmpdir(), 'gridramp-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { list, template } = writeExampleReleases(folder);

test('A threshold that is too low aborts all, one that is too high misses the harmful, and today’s is among those tried', async () => {
  const variants = variantsOfTemplate(await readTemplate(template, undefined), new Map([['most', [0.02, 1]]]));
  const tried = await backtest(await readReleases(list), variants, { args: {}, start_after_s: 0, lookback_s: 300 });
  const [low, today, high] = tried;
  expect(tried.map(({ threshold, current }) => [threshold, current])).toEqual([
    [0.02, false],
    [0.1, true],
    [1, false],
  ]);
  expect(low).toMatchObject({
    releases: 12,
    false_aborts: 12,
    false_abort_rate: 1,
    missed: 0,
    miss_rate: null,
    to_detect_s: null,
  });
  expect(high).toMatchObject({ false_aborts: 0, missed: 5, miss_rate: 1, waiting: 0 });
  expect(today?.fates.filter(({ fate }) => fate === 'detected').length).toBeGreaterThan(0);
  expect(today?.fates.every(({ to_detect_s }) => to_detect_s === null || to_detect_s % 300 === 0)).toBe(true);
  expect(backtestText(tried)).toMatch(/most +0\.02 +12 of 12 +100 % +0/);
  expect(await drawPlot(backtestPlot(tried))).toContain('</svg>');
});
