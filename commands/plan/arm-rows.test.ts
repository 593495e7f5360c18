import { expect, test } from 'vitest';
import { armTable } from './arm-rows.ts';

test("a plan's arms say their shares, what the guard may be wrong by, and which is meant to win", () => {
  expect(
    armTable({ default: 'control', expected: 'all', shares: { all: 60, control: 30, online: 10 } }).split('\n'),
  ).toEqual([
    "arm      of the candidate's stations  aborted in error at most",
    '───────  ───────────────────────────  ────────────────────────  ─────────────────────────────────────────────────────────',
    'all      60 %                         0.333 %                   meant to win',
    'control  30 %                         0.333 %                   answers where another arm is off, and is never off itself',
    'online   10 %                         0.333 %',
  ]);
});
