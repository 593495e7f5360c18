import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { exitCode } from '../../core/exit.ts';
import { parsePlan } from '../../core/plan.ts';
import { endRehearsals, startRehearsal } from './rehearsal-run.ts';

afterEach(endRehearsals);

const { arms } = parsePlan(readFileSync('rollouts/forecast.yaml', 'utf8'), 'rollouts/forecast.yaml');

test('Given a release of four arms, When one of them harms, Then its flag alone goes off, the rest is promoted, and the verdict says which arm is ahead', async () => {
  expect(Object.keys(arms?.shares ?? {})).toEqual(['all', 'control', 'ensemble', 'online']);
  const run = await startRehearsal('--scenario', 'arms');
  const { code, output, verdict, remains } = await run.done;
  expect(verdict, output).toMatchObject({ outcome: 'promoted', scenario: 'arms' });
  expect(code).toBe(exitCode.ok);
  expect(verdict?.arms?.off).toEqual([{ arm: 'online', why: expect.stringMatching(/arm online .* proven worse/) }]);
  expect(verdict?.arms?.winner).toBe(arms?.expected);
  expect(verdict?.reason).toContain(verdict?.arms?.sentence);
  expect(verdict?.backtest.arms.map(({ arm, verdict: word }) => [arm, word === 'abort'])).toEqual([
    ['all', false],
    ['control', false],
    ['ensemble', false],
    ['online', true],
  ]);
  expect(remains).toEqual([]);
});
