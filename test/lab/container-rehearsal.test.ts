import { afterEach, expect, test } from 'vitest';
import { exitCode } from '../../core/exit.ts';
import { containerFault } from '../../lab/container-rights.ts';
import { type Ended, endRehearsals, type RehearsalRun, startRehearsal } from './rehearsal-run.ts';

/** What a machine without the rights is told is all that can be tested on it. */
const fault = containerFault();
/** The first of them also builds the image. */
const BUILD_MS = 600_000;

afterEach(endRehearsals);

const start = (...args: string[]): Promise<RehearsalRun> => startRehearsal('--pods', 'container', ...args);

function expectRefusal({ code, output, verdict }: Ended): void {
  expect(output).toContain(`--pods container: ${fault?.message}; ${fault?.fix}`);
  expect(output).not.toContain('Scenario');
  expect([code, verdict]).toEqual([exitCode.usage, null]);
}

test(
  'Given model servers that are containers of the very image, When the candidate is better, Then it is promoted and nothing is left; without the rights it says why, and starts nothing',
  async () => {
    const ended = await (await start()).done;
    if (fault !== undefined) return expectRefusal(ended);
    const { code, output, verdict, remains } = ended;
    expect(verdict, output).toMatchObject({ outcome: 'promoted' });
    expect(code).toBe(exitCode.ok);
    expect(remains).toEqual([]);
  },
  BUILD_MS,
);

test("When the candidate's containers crash, Then it is aborted, and nothing is left", async () => {
  const ended = await (await start('--scenario', 'crash')).done;
  if (fault !== undefined) return expectRefusal(ended);
  const { code, output, verdict, remains } = ended;
  expect(verdict, output).toMatchObject({ outcome: 'aborted', scenario: 'crash' });
  expect(code).toBe(exitCode.refused);
  expect(remains).toEqual([]);
});

test('When Ctrl-C is pressed while its containers serve, Then nothing is left', async () => {
  const run = await start();
  if (fault !== undefined) return expectRefusal(await run.done);
  await run.line('serves.');
  run.interrupt();
  const { code, remains } = await run.done;
  expect(code).toBe(exitCode.failure);
  expect(remains).toEqual([]);
});
