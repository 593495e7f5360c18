import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import { formatHours } from '../duration.ts';
import type { Plan } from '../plan.ts';
import { STATION_HEADER } from '../record.ts';
import { templateArgs, templateName, watchName } from './analysis.ts';
import { appLabels, metadataOf, RETAIN_ANNOTATION, withAnnotations } from './metadata.ts';
import { type TimedPhase, timedPhases } from './phases.ts';
import { podTemplate } from './pod.ts';
import { routes, serviceNames } from './routing.ts';
import { anyOf } from './stations.ts';
import { subscriptions } from './subscriptions.ts';
import type { Target } from './target.ts';
import { controlledSteps, hasWaits, thawName } from './waits.ts';

type Canary = NonNullable<NonNullable<IRollout['spec']['strategy']>['canary']>;
type Step = NonNullable<Canary['steps']>[number];

/** With one pod a single crash leaves none available, and then Argo removes the mirror route for good. */
const LEAST_CANARY_PODS = 2;

export function rollout(plan: Plan, target: Target): IRollout {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: withAnnotations(metadataOf(plan, target, plan.service), {
      ...subscriptions(plan),
      [RETAIN_ANNOTATION]: formatHours(plan.evidence.retain_hours),
    }),
    spec: {
      replicas: plan.replicas,
      // `npm run plan` knows by them which releases were aborted.
      revisionHistoryLimit: 10,
      // The default of 5 runs would lose the first phases' evidence of a release with more; each phase may have a freeze's run beside its own.
      analysis: { successfulRunHistoryLimit: 100, unsuccessfulRunHistoryLimit: 100 },
      progressDeadlineSeconds: target.time.progress_deadline_s,
      // Off by default: pods that never become ready would hold the release forever.
      progressDeadlineAbort: true,
      selector: { matchLabels: appLabels(plan) },
      strategy: { canary: canary(plan, target) },
      template: podTemplate(plan, target),
    },
  };
}

function canary(plan: Plan, target: Target): Canary {
  const names = serviceNames(plan);
  return {
    stableService: names.stable,
    canaryService: names.canary,
    maxSurge: 1,
    maxUnavailable: 0,
    abortScaleDownDelaySeconds: target.time.scale_down_s,
    scaleDownDelaySeconds: target.time.scale_down_s,
    trafficRouting: {
      istio: { virtualService: { name: plan.service, routes: [routes.primary] } },
      // In the order of matching: a pinned station is the candidate's before anything else is asked.
      managedRoutes: [...(target.stations.pinned.length > 0 ? [{ name: routes.pinned }] : []), { name: routes.shadow }],
    },
    ...(hasWaits(plan) ? { analysis: watch(plan, target) } : {}),
    steps: rolloutSteps(plan, target).map(({ step }) => step),
  };
}

/** The Rollout's steps in their order, each with the name of the plan's step that it carries out. */
export function rolloutSteps(plan: Plan, target: Pick<Target, 'time' | 'stations'>): { name: string; step: Step }[] {
  const phases = new Map(timedPhases(plan, target).map((phase) => [phase.name, phase]));
  const thaw = (before: string) =>
    plan.freezes.length === 0 ? [] : [{ name: `freeze before ${before}`, step: thawOf(plan) }];
  const steps = controlledSteps(plan).flatMap(({ name }, index) => {
    const phase = phases.get(name);
    if (phase === undefined) return [{ name, step: hold }];
    const own = phaseSteps(plan, phase, target).map((step) => ({ name, step }));
    return index === 0 ? own : [...thaw(name), ...own];
  });
  return [...steps, ...thaw('the promotion')];
}

/** The last thing before each advance, after a hold too: whoever promotes in a freeze sets off nothing before its end. */
function thawOf(plan: Plan): Step {
  return { analysis: { templates: [{ templateName: thawName(plan) }] } };
}

/** Without a duration it lasts until a person promotes the release. */
const hold: Step = { pause: {} };

/** From the first wait on every gate goes on looking, in the background: a pause by itself judges nothing. */
function watch(plan: Plan, target: Target): NonNullable<Canary['analysis']> {
  const judged = new Set(plan.phases.map(({ name }) => name));
  const startingStep = rolloutSteps(plan, target).findIndex(({ name }) => !judged.has(name));
  return { templates: [{ templateName: watchName(plan) }], args: templateArgs(), startingStep };
}

/**
 * Scale, then route, then exactly one judgement that lasts as long as the phase: a timed pause would look at nothing.
 * Every phase states its own scale, because Argo keeps the last one: 100 % of the traffic would land on the shadow's pods.
 */
function phaseSteps(plan: Plan, phase: TimedPhase, { stations }: Pick<Target, 'stations'>): Step[] {
  const scale = { setCanaryScale: { replicas: canaryPods(plan, phase) } };
  const analysis = { analysis: { templates: [{ templateName: templateName(plan, phase) }], args: templateArgs() } };
  if (phase.kind === 'shadow') return [scale, mirror(phase), analysis];
  const routing = [...(isFirstRamp(plan, phase) ? [unmirror] : []), scale, ...pin(stations.pinned)];
  return [...routing, { setWeight: phase.weight_percent }, analysis];
}

/**
 * In every ramp again: like the shadow's, Argo removes this route when the candidate has no available pod for a moment. It also removes it at
 * the release's end, however that is.
 */
function pin(pinned: readonly string[]): Step[] {
  if (pinned.length === 0) return [];
  const match = [{ headerName: STATION_HEADER, headerValue: { regex: anyOf(pinned) } }];
  return [{ setHeaderRoute: { name: routes.pinned, match } }];
}

function isFirstRamp({ phases }: Plan, { name }: TimedPhase): boolean {
  return phases.find(({ kind }) => kind === 'ramp')?.name === name;
}

function mirror({ mirror_percent }: TimedPhase): Step {
  return { setMirrorRoute: { name: routes.shadow, percentage: mirror_percent, match: [{ path: { prefix: '/' } }] } };
}

/**
 * Without a `match` Argo removes the route. Left alone it would mirror through the whole ramp: stations that the canary
 * answers would reach it twice, and at 100 % it would carry double the traffic it is judged on.
 */
const unmirror: Step = { setMirrorRoute: { name: routes.shadow } };

/** Pods for the requests that the canary is sent in this phase, mirrored or its own. */
export function canaryPods(
  { replicas }: Pick<Plan, 'replicas'>,
  { mirror_percent, weight_percent }: Pick<TimedPhase, 'mirror_percent' | 'weight_percent'>,
): number {
  return Math.max(LEAST_CANARY_PODS, Math.ceil((replicas * Math.max(mirror_percent, weight_percent)) / 100));
}
