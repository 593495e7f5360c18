import { afterEach, describe, expect, test } from 'vitest';
import { scenarios } from '../../commands/rehearsal/scenarios.ts';
import { exitCode } from '../../core/exit.ts';
import { endRehearsals, startRehearsal } from './rehearsal-run.ts';

afterEach(endRehearsals);

const codes = {
  promoted: exitCode.ok,
  refused: exitCode.refused,
  aborted: exitCode.refused,
  inconclusive: exitCode.inconclusive,
};

describe('Given a stable release that serves', () => {
  // The one of arms has a test of its own, which asks more: arms.test.ts.
  test.each(scenarios.filter(({ model }) => model !== 'arms'))(
    'When the candidate is "$name" ($about), Then it is $expected, for its own reason',
    async (scenario) => {
      const run = await startRehearsal('--scenario', scenario.name);
      const { code, output, verdict, report, remains } = await run.done;
      expect(verdict, output).toMatchObject({ outcome: scenario.expected, scenario: scenario.name });
      expect(code).toBe(codes[scenario.expected]);
      expect(verdict?.reason).toMatch(scenario.reason);
      expect(output).toContain(verdict?.reason);
      expect(report).toContain('<!doctype html>');
      expect(remains).toEqual([]);
    },
  );

  test('When the candidate turns slow in the ramp, Then Envoy gives it nothing any more', async () => {
    const run = await startRehearsal('--scenario', 'slow', '--fault-after', '340');
    const { code, output, verdict, remains } = await run.done;
    expect(verdict, output).toMatchObject({
      outcome: 'aborted',
      timings_s: { breach_to_zero_weight: expect.any(Number) },
    });
    expect(verdict?.reason).toContain('answers too slowly');
    expect(verdict?.phases.find(({ outcome }) => outcome === 'failed')?.weight_percent).toBeGreaterThan(0);
    expect(verdict?.gates.find(({ name, outcome }) => name === 'latency' && outcome === 'failed')).toBeDefined();
    expect(code).toBe(exitCode.refused);
    expect(remains).toEqual([]);
  });
});
