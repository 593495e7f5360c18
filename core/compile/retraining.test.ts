import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePlan } from '../plan.ts';
import { planTexts } from '../plan-arbitrary.ts';
import { leastWindowMinutes, windowMinutes } from '../plan-retraining.ts';
import type { Plan, Retraining } from '../plan-types.ts';
import { exampleTarget } from './example-target.ts';
import { longestGapDays, retrainingJob } from './retraining.ts';
import { rehearsalTime } from './target.ts';

const shipped = parsePlan(
  readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'),
  'forecast.yaml',
);
const window: Retraining = {
  ...{ days: ['sun', 'mon'], from: '22:30', to: '02:00', zone: 'Asia/Kolkata' },
  ...{ model: 'ridge', history_hours: 24 * 100 },
};

function jobOf(retraining: Retraining, more: Partial<Plan> = {}, target = exampleTarget) {
  const [job] = retrainingJob({ ...shipped, ...more, retraining }, target);
  if (job === undefined) throw new Error('there is no job');
  return job;
}

test('it begins with the window, by the clock of its zone', () => {
  expect(jobOf(window).spec).toMatchObject({ schedule: '30 22 * * 0,1', timeZone: 'Asia/Kolkata', suspend: false });
  expect(retrainingJob({ ...shipped, retraining: null }, exampleTarget)).toEqual([]);
});

test('no training goes on after its window, however late it begins, nor in the night in which the clocks go forward', () => {
  fc.assert(
    fc.property(planTexts(), (text) => {
      const plan = parsePlan(text, 'plan.yaml');
      for (const { spec } of retrainingJob(plan, exampleTarget)) {
        const { startingDeadlineSeconds: late_s, jobTemplate } = spec;
        const most_s = late_s + jobTemplate.spec.activeDeadlineSeconds;
        const window_min = windowMinutes(plan.retraining ?? window);
        expect(most_s / 60).toBe(plan.retraining?.zone === 'Europe/Berlin' ? window_min - 60 : window_min);
        expect(Math.min(late_s, jobTemplate.spec.activeDeadlineSeconds)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 50 },
  );
  expect(leastWindowMinutes(window)).toBe(210);
});

test('it runs in the pool of the training, asks for what the plan says, and writes the registry and nothing else', () => {
  const training = { cpu: '4', memory: '16Gi', gpus: 1, node_pool: 'training' };
  const { spec } = jobOf(window, { resources: { ...shipped.resources, training } }).spec.jobTemplate.spec.template;
  expect(spec).toMatchObject({ nodeSelector: { 'gridramp.io/pool': 'training' }, restartPolicy: 'Never' });
  expect(spec.tolerations?.map(({ key }) => key)).toEqual(['gridramp.io/pool', 'nvidia.com/gpu']);
  const [container] = spec.containers;
  expect(container).toMatchObject({
    args: ['train'],
    resources: { requests: { cpu: '4', memory: '16Gi', 'nvidia.com/gpu': '1' } },
    securityContext: { readOnlyRootFilesystem: true },
    volumeMounts: [{ name: 'registry', mountPath: '/registry' }, { name: 'tmp' }],
  });
  expect(container?.env).toContainEqual({ name: 'HISTORY_HOURS', value: '2400' });
});

test('a rehearsal has it too, and it never begins there', () => {
  const inRehearsal = jobOf(window, {}, { ...exampleTarget, time: rehearsalTime(15) });
  const { spec } = jobOf(window);
  expect(inRehearsal.spec).toEqual({ ...spec, suspend: true });
});

test('the longest gap between two trainings goes over the end of the week', () => {
  expect(longestGapDays(['sat', 'sun'])).toBe(6);
  expect(longestGapDays(['wed'])).toBe(7);
  expect(longestGapDays(['fri', 'mon', 'wed'])).toBe(3);
});
