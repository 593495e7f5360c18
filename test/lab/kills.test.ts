import { afterEach, describe, expect, test } from 'vitest';
import { exitCode } from '../../core/exit.ts';
import { endRehearsals, startRehearsal } from './rehearsal-run.ts';

afterEach(endRehearsals);

/** A part of the lab, and what its command line alone holds. */
const parts = [
  ['the Argo Rollouts controller', '/rollouts-controller '],
  ['Prometheus', '/prometheus '],
  ['the node agent', 'lab/node-agent.ts'],
  ['the scorer', 'scorer/main.ts'],
  ['Envoy', '/envoy --config-path'],
] as const;

describe('Given a rehearsal in the middle of its shadow', () => {
  test.each(parts)(
    'When %s is killed, Then it is started again and the verdict still comes',
    async (_name, commandLine) => {
      const run = await startRehearsal();
      await run.line('hours judged');
      const pid = run.kill(commandLine);
      const { code, output, verdict, remains } = await run.done;
      expect(pid).toBeGreaterThan(1);
      expect(verdict, output).toMatchObject({ outcome: 'promoted' });
      expect(code).toBe(exitCode.ok);
      expect(remains).toEqual([]);
    },
  );
});

describe('Given a rehearsal that runs', () => {
  test('When its user presses Ctrl-C, Then it says so and nothing is left', async () => {
    const run = await startRehearsal();
    await run.line('The stable release');
    run.interrupt();
    const { code, output, verdict, remains } = await run.done;
    expect(output).toContain('stopped by SIGINT');
    expect(verdict).toBeNull();
    expect(code).toBe(exitCode.failure);
    expect(remains).toEqual([]);
  });
});
