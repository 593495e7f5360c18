import { at, listAt } from '../fields.ts';
import { type KubernetesObject, nameOf, type StackPolicy } from '../policy.ts';

const STEPS = ['spec', 'strategy', 'canary', 'steps'];

/** Stations that one step may add, in percent of all: the most that a fault which shows in the ramp alone reaches at once. */
const MOST_POINTS = 25;

export const rolloutsShadowed: StackPolicy = {
  name: 'rollouts-shadowed',
  asks: 'A Rollout mirrors calls to a version before it lets it answer any.',
  violations: (objects) =>
    rollouts(objects).flatMap(({ object, steps }) => {
      const mirror = steps.findIndex((step) => listAt(step, 'setMirrorRoute', 'match').length > 0);
      const first = steps.findIndex((step) => weightOf(step) > 0);
      if (mirror !== -1 && (first === -1 || mirror < first)) return [];
      return {
        object,
        place: STEPS.join('.'),
        reason: 'the first stations that it answers are the first that it is tried on',
        fix: 'put setMirrorRoute with a match, and an analysis, before the first setWeight',
      };
    }),
};

export const smallSteps: StackPolicy = {
  name: 'no-step-over-25-points',
  asks: `No step of a Rollout gives a version more than ${MOST_POINTS} % of the stations at once.`,
  violations: (objects) =>
    rollouts(objects).flatMap(({ object, steps }) => {
      const weights = steps.flatMap((step, index) => (weightOf(step) > 0 ? { weight: weightOf(step), index } : []));
      // Behind its last step a Rollout gives the version everything.
      const all = [...weights, { weight: 100, index: steps.length }];
      return all.flatMap(({ weight, index }, nth) => {
        const before = all[nth - 1]?.weight ?? 0;
        if (weight - before <= MOST_POINTS) return [];
        return {
          object,
          place: `${STEPS.join('.')}[${index}]`,
          reason: `from ${before} to ${weight} % is a step of ${weight - before} points`,
          fix: `put a weight of at most ${before + MOST_POINTS} before it`,
        };
      });
    }),
};

function rollouts(objects: readonly KubernetesObject[]): { object: string; steps: readonly unknown[] }[] {
  return objects
    .filter(({ kind }) => kind === 'Rollout')
    .map((rollout) => ({ object: nameOf(rollout), steps: listAt(rollout, ...STEPS) }));
}

function weightOf(step: unknown): number {
  return Number(at(step, 'setWeight') ?? 0);
}
