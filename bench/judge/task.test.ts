import { expect, test, vi } from 'vitest';
import type { Cell } from './cells.ts';
import { madeLosses } from './made-losses.ts';
import { GOAL, worstRows, wrongRows } from './rows.ts';
import { runTask } from './task.ts';

/** How much of its margin the judge keeps: 1 is the real judge. */
const kept = vi.hoisted(() => ({ share: 1 }));

vi.mock('../../core/judge/guard.ts', async (original) => {
  const real = await original<typeof import('../../core/judge/guard.ts')>();
  const guardAt: typeof real.guardAt = (sums, constants) => {
    const look = real.guardAt(sums, constants);
    if (look === null) return null;
    const margin = kept.share * look.margin;
    return { mean: look.mean, margin, lower: look.mean - margin, upper: look.mean + margin };
  };
  return { ...real, guardAt };
});

vi.mock('../../core/judge/backtest.ts', async (original) => {
  const real = await original<typeof import('../../core/judge/backtest.ts')>();
  const lookAtDays: typeof real.lookAtDays = (days, word) => {
    const { mean, margin } = real.lookAtDays(days, word);
    return { mean, margin: kept.share * margin };
  };
  return { ...real, lookAtDays };
});

const cell: Cell = { kind: 'synthetic', ar: 0.8, correlation: 0.9, tail: 't4', stations: 3 };
const losses = madeLosses(0, 0, () => 1);
const run = (first_run: number, runs: number) => runTask({ cell, cell_number: 0, seed: 5, first_run, runs }, losses);
const judged = (share: number) => {
  kept.share = share;
  const { tallies, thresholds } = run(0, 400);
  kept.share = 1;
  return worstRows(wrongRows([{ cell, tallies, thresholds }], 'judge'));
};

test('the judge passes a small grid, and with a third of its margins it fails', () => {
  const honest = judged(1);
  expect(honest.map(({ wrong, runs }) => `${wrong} of ${runs}`)).toEqual(Array.from({ length: 18 }, () => '0 of 400'));
  expect(honest.filter(({ upper }) => upper > GOAL)).toEqual([]);

  const failing = judged(1 / 3).filter(({ upper }) => upper > GOAL);
  expect(failing.map(({ method, word, wrong }) => `${method}: ${word} ${wrong}`)).toMatchInlineSnapshot(`
    [
      "guard, truth after 1 h: win 6",
      "guard, truth after 24 h: win 6",
      "backtest of 90 days: win 10",
      "backtest of 90 days, then 104: win 10",
      "backtest of 120 days: win 6",
      "backtest of 120 days, then 134: win 6",
      "guard, truth after 1 h: abort 7",
      "guard, truth after 24 h: abort 7",
      "backtest of 90 days: abort 20",
      "backtest of 90 days, then 104: abort 24",
      "backtest of 120 days: abort 28",
      "backtest of 120 days, then 134: abort 28",
      "guard, truth after 1 h: safe 7",
      "guard, truth after 24 h: safe 7",
      "backtest of 90 days: safe 8",
      "backtest of 90 days, then 104: safe 8",
      "backtest of 120 days: safe 2",
      "backtest of 120 days, then 134: safe 2",
    ]
  `);
});

test('the same runs come of one task or of several', () => {
  const whole = run(0, 8).tallies;
  const parts = [...run(0, 4).tallies, ...run(4, 4).tallies];
  for (const { method, change, runs, verdicts } of whole) {
    const same = parts.filter((part) => part.method === method && part.change === change);
    expect(same.reduce((sum, part) => sum + part.runs, 0)).toBe(runs);
    expect(same.reduce((sum, part) => sum + part.verdicts.abort, 0)).toBe(verdicts.abort);
  }
});
