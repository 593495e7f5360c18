import { rollout } from '../compile/rollout.ts';
import type { Target } from '../compile/target.ts';
import { hoursText } from '../duration.ts';
import type { Plan } from '../plan.ts';
import { dayOf, type Effect, isSame, type LiveRelease, type PlanChange, short } from './change.ts';
import { restartOf } from './live.ts';

/** What Argo Rollouts does when this change is applied, to a release that runs or was aborted as well. */
export function releaseEffects({ before, after, targets, live }: PlanChange): Effect[] {
  if (before.service !== after.service) return [moved('service', before.service, after.service)];
  const [from, to] = [targets.before.namespace, targets.after.namespace];
  if (from !== to) return [moved('namespace', from, to)];
  const [old, changed] = [rollout(before, targets.before).spec, rollout(after, targets.after).spec];
  const steps = !isSame(old?.strategy?.canary?.steps, changed?.strategy?.canary?.steps);
  if (!isSame(old?.template, changed?.template)) return [newRelease(after, targets.after, live)];
  if (steps) return live === null ? restarted(after) : [restartOf(live, shadowHours(after))];
  const lengths = ({ phases }: Plan) => phases.map(({ hours }) => hours);
  return isSame(lengths(before), lengths(after)) || live?.state === 'none' ? [] : [nextPhase];
}

function newRelease(plan: Plan, { release, image }: Target, live: LiveRelease | null): Effect {
  const shadow_h = shadowHours(plan);
  return {
    rule: 'starts-release',
    severity: 'warning',
    sentence: `Releases model ${short(release)} on image ${short(image)}: ${hoursText(shadow_h)} of shadow first, the first stations on day ${dayOf(shadow_h)}.${endOf(live)}`,
  };
}

function endOf(live: LiveRelease | null): string {
  if (live === null) return ' A release that is running ends here, and its stations return to the stable version.';
  if (live.state !== 'running') return '';
  return ` ${short(live.release)}, which runs at ${live.weight_percent} %, ends here, and its stations return to the stable version.`;
}

function shadowHours({ phases }: Plan): number {
  return phases.filter(({ kind }) => kind === 'shadow').reduce((sum, { hours }) => sum + hours, 0);
}

/** Any edit of `canary.steps` starts again and clears an abort (docs of Argo Rollouts; seen in its reconciler). */
function restarted({ phases: [first] }: Plan): Effect[] {
  return [
    {
      rule: 'resets-release',
      severity: 'warning',
      sentence: `A release that is running goes back to step 0: its stations return to the stable version, and its ${first?.name ?? 'first phase'} of ${hoursText(first?.hours ?? 0)} begins again.`,
    },
    {
      rule: 'clears-abort',
      severity: 'danger',
      sentence:
        'If the last release was aborted and git still names it, this clears the abort, and the rejected release is tried again. Revert to the stable digest first.',
    },
    {
      rule: 'waits-for-release',
      severity: 'notice',
      sentence: 'While no release runs, it has no effect until the image or the model changes.',
    },
  ];
}

/** Durations are in the AnalysisTemplates, of which a phase takes a copy when it begins; the Rollout's steps only name them. */
const nextPhase: Effect = {
  rule: 'changes-next-phase',
  severity: 'warning',
  sentence:
    'A release that is running keeps the length of the phase that it is in, and takes the new lengths from the next one on.',
};

/** Names are what Kubernetes knows things by: under another name everything is new, and a first version is never judged. */
function moved(what: 'service' | 'namespace', from: string, to: string): Effect {
  return {
    rule: what === 'service' ? 'renames-service' : 'moves-namespace',
    severity: 'danger',
    sentence: `"${to}" is another ${what} than "${from}": everything of ${from} is deleted, with what its scorer knows, and ${to} starts at once with 100 % of the stations, unshadowed and unjudged.`,
  };
}
