import type { ICanaryStep } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/CanaryStep';
import type { Rule } from './rule.ts';
import { hasLooseName, looseDryRun } from './template-rules.ts';

/** With one pod a single crash leaves none available, and then Argo removes the mirror route for good. */
const LEAST_PODS = 2;

/** A step of a Rollout, with the steps before and after it. */
export type StepInPlace = {
  step: ICanaryStep;
  before: readonly ICanaryStep[];
  after: readonly ICanaryStep[];
  /** Pods that carry all traffic. */
  replicas: number;
};

export const stepRules: readonly Rule<StepInPlace>[] = [
  {
    rule: 'timed-pause',
    reason: 'a timed pause looks at nothing and goes on whatever happened',
    fix: 'put an analysis there that lasts as long; a pause without a duration waits for a person',
    caught: ({ step }) => step.pause?.duration !== undefined,
  },
  {
    rule: 'route-before-scale',
    reason: 'while the weight is 0 there is no canary pod that the mirrored calls could go to',
    fix: 'put setCanaryScale before it',
    caught: ({ step, before }) => opensRoute(step) && lastWeight(before) === 0 && lastScale(before) === undefined,
  },
  {
    rule: 'single-canary-pod',
    reason: 'one crash leaves no canary pod available, and the controller then removes the mirror route for good',
    fix: `scale the canary to ${LEAST_PODS} or more`,
    caught: ({ step, replicas }) => step.setCanaryScale !== undefined && podsOf(step, replicas) < LEAST_PODS,
  },
  {
    rule: 'weight-before-scale',
    reason: 'setCanaryScale persists: the stations of this weight would land on the pods of the phase before',
    fix: 'put setCanaryScale before each setWeight, or once setCanaryScale: {matchTrafficWeight: true}',
    caught: ({ step, before }) => opens(step) && !isScaledForPhase(before),
  },
  {
    rule: 'too-few-pods',
    reason: 'the canary has fewer pods than its share of the traffic takes',
    fix: 'scale it to replicas × weight, rounded up',
    caught: ({ step, before, replicas }) => {
      const scale = lastScale(before);
      return scale !== undefined && podsOf(scale, replicas) < Math.ceil((replicas * (step.setWeight ?? 0)) / 100);
    },
  },
  {
    rule: 'weight-before-judgement',
    reason: 'stations are answered by a version that nothing has judged',
    fix: 'put an analysis before the first weight and the first header route',
    caught: ({ step, before }) => (opens(step) || step.setHeaderRoute?.match !== undefined) && !before.some(judges),
  },
  {
    rule: 'weight-not-judged-once',
    reason:
      'between two weights there is none, or more than one, that says how long the phase lasts and whether it may go on',
    fix: 'put exactly one analysis of both versions after each weight',
    caught: ({ step, after }) => {
      const next = after.findIndex(({ setWeight }) => setWeight !== undefined);
      const phase = next === -1 ? after : after.slice(0, next);
      return opens(step) && phase.filter(judges).length !== 1;
    },
  },
  {
    rule: 'mirror-in-ramp',
    reason: 'the mirror goes on through the ramp: the canary gets the stations that it answers twice',
    fix: 'put setMirrorRoute with the name alone before the first weight',
    caught: ({ step, before }) => opens(step) && mirrored(before),
  },
  {
    rule: 'versions-not-passed',
    reason: 'without the hashes of both versions the queries compare nothing, or a version with itself',
    fix: 'pass podTemplateHashValue: Latest and podTemplateHashValue: Stable as arguments',
    caught: ({ step }) => {
      const hashes = step.analysis?.args?.map(({ valueFrom }) => valueFrom?.podTemplateHashValue) ?? [];
      return judges(step) && !(hashes.includes('Latest') && hashes.includes('Stable'));
    },
  },
  { ...looseDryRun, caught: ({ step }) => hasLooseName(step.analysis?.dryRun) },
];

/** An analysis without arguments asks about no version: it only waits, as for the end of a freeze. */
function judges({ analysis }: Pick<ICanaryStep, 'analysis'>): boolean {
  return analysis?.args !== undefined;
}

function opens({ setWeight = 0 }: ICanaryStep): boolean {
  return setWeight > 0;
}

/** A mirror without a match, or of 0 %, ends the route. */
function opensRoute({ setMirrorRoute, setHeaderRoute }: ICanaryStep): boolean {
  return [setMirrorRoute, setHeaderRoute].some((route) => route?.match !== undefined && route.match.length > 0);
}

function lastWeight(before: readonly ICanaryStep[]): number {
  return before.findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0;
}

function lastScale(before: readonly ICanaryStep[]): ICanaryStep | undefined {
  return before.findLast(({ setCanaryScale }) => setCanaryScale !== undefined);
}

/** The pods that a scale asks for; as many as are needed where it follows the weight. */
function podsOf({ setCanaryScale: { replicas, weight } = {} }: ICanaryStep, all: number): number {
  if (replicas !== undefined) return replicas;
  return weight === undefined ? Number.POSITIVE_INFINITY : Math.ceil((all * weight) / 100);
}

function isScaledForPhase(before: readonly ICanaryStep[]): boolean {
  if (lastScale(before)?.setCanaryScale?.matchTrafficWeight === true) return true;
  const phase = before.findLastIndex(({ setWeight, analysis }) => setWeight !== undefined || analysis !== undefined);
  return before.slice(phase + 1).some(({ setCanaryScale }) => setCanaryScale !== undefined);
}

function mirrored(before: readonly ICanaryStep[]): boolean {
  const last = before.findLast(({ setMirrorRoute }) => setMirrorRoute !== undefined);
  return last !== undefined && opensRoute(last);
}
