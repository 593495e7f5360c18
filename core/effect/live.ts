import { rollout } from '../compile/rollout.ts';
import type { Target } from '../compile/target.ts';
import { hoursText } from '../duration.ts';
import type { Plan } from '../plan.ts';
import { type Effect, isSame, type LiveRelease, type PlanChange, short } from './change.ts';

/** What holds of a cluster whatever the change is. */
export function liveEffects(change: PlanChange): Effect[] {
  const { after, targets, live } = change;
  if (live === null) return [];
  return [...refusals(after, targets.after, live), ...staysAborted(change, live), ...edits(live)];
}

/** A release that was taken back comes again only under another digest, or where somebody says why. */
export function refusals(
  { acknowledge }: Pick<Plan, 'acknowledge'>,
  { release }: Pick<Target, 'release'>,
  { aborted }: Pick<LiveRelease, 'aborted'>,
): Effect[] {
  if (!aborted.includes(release)) return [];
  const reason = acknowledge[release];
  if (reason !== undefined)
    return [
      {
        rule: 'acknowledges-abort',
        severity: 'danger',
        sentence: `${short(release)} was aborted and may be tried again, on purpose: "${reason}".`,
      },
    ];
  return [
    {
      rule: REFUSED,
      severity: 'danger',
      sentence: `Refused: ${short(release)} was aborted. Release another digest (the stable one takes it back), or name this one under acknowledge: with the reason why it is tried again.`,
    },
  ];
}

const REFUSED = 'refuses-aborted';

export function isRefused(effects: readonly Effect[]): boolean {
  return effects.some(({ rule }) => rule === REFUSED);
}

/** An acknowledgement is nothing that the Rollout knows: where it names the aborted release still, only other steps or a person start it again. */
function staysAborted({ before, after, targets }: PlanChange, live: LiveRelease): Effect[] {
  if (live.state !== 'aborted' || after.acknowledge[live.release] === undefined) return [];
  const [old, changed] = [rollout(before, targets.before).spec, rollout(after, targets.after).spec];
  if (!isSame([old.template, old.strategy?.canary?.steps], [changed.template, changed.strategy?.canary?.steps]))
    return [];
  return [
    {
      rule: 'stays-aborted',
      severity: 'warning',
      sentence: `Nothing here starts ${short(live.release)} again: it stays aborted until somebody does, by \`kubectl argo rollouts retry rollout ${after.service} -n ${targets.after.namespace}\`.`,
    },
  ];
}

function edits({ edited }: LiveRelease): Effect[] {
  return edited.map((object) => ({
    rule: 'differs-from-plan',
    severity: 'warning',
    sentence: `${object} in the cluster is not what its plan compiles to: it was edited by hand, or compiled by another version. Applying puts it back.`,
  }));
}

/** What becomes of a running release whose steps change, of an aborted one, and where none runs. */
export function restartOf({ state, release, phase, weight_percent }: LiveRelease, shadow_h: number): Effect {
  switch (state) {
    case 'none':
      return {
        rule: 'waits-for-release',
        severity: 'notice',
        sentence: `No release runs (${short(release)} serves every station): no effect until the image or the model changes.`,
      };
    case 'aborted':
      return {
        rule: 'clears-abort',
        severity: 'danger',
        sentence: `Clears the abort of ${short(release)}: the rejected release is tried again.`,
      };
    case 'running':
      return {
        rule: 'resets-release',
        severity: 'warning',
        sentence: `Resets the running release ${short(release)} from ${phase ?? 'its phase'} (${weight_percent} % of the stations) to step 0: its stations return to the stable version, and its shadow of ${hoursText(shadow_h)} begins again.`,
      };
  }
}
