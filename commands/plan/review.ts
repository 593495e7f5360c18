import { gatesFor } from '../../analysis/gates.ts';
import { productionTime, type Target } from '../../core/compile/target.ts';
import type { Effect, LiveRelease } from '../../core/effect/change.ts';
import { effectsOf, ordered } from '../../core/effect/effect.ts';
import { flagEffects } from '../../core/effect/flags.ts';
import { type Plan, parsePlan } from '../../core/plan.ts';
import type { Applied } from '../../stacks/plan-record.ts';
import { scoringEffects } from '../../stacks/scoring-effects.ts';
import { checkedPlan } from '../checked-plan.ts';
import { flagsBeside } from '../flags-beside.ts';
import { apartIn } from '../inventory.ts';
import { checkNamed } from '../named-by-plan.ts';
import { readStack, type StackFile, stacksAmong } from '../stack-file.ts';
import { isTouched } from './touched.ts';
import { changedSince, type Version, versionAt, workingTree } from './versions.ts';

/** What a change does to one stack, or to one plan that no stack need run. */
export type Review = { subject: string; effects: Effect[] };

/** What the working tree would do to every stack that it or `ref` has. */
export async function reviewStacks(ref: string, stations: number | null): Promise<Review[]> {
  const before = await versionAt(ref);
  const changed = changedSince(ref);
  const stacks = new Set(stacksAmong([...(await before.list()), ...(await workingTree.list())]));
  return Promise.all(
    [...stacks].map(async (stack) => {
      if (!(await isTouched(stack, changed, workingTree.read))) return { subject: stack, effects: ordered([]) };
      const [old, now] = await Promise.all([stackAt(stack, before), stackAt(stack, workingTree)]);
      if (now !== null)
        await checkNamed({ plan: now.plan, text: now.plan_text, file: now.plan_file }, workingTree.read);
      return { subject: stack, effects: stackEffects(old, now, stations) };
    }),
  );
}

async function stackAt(stack: string, version: Version): Promise<StackFile | null> {
  return (await version.read(`Pulumi.${stack}.yaml`)) === null ? null : await readStack(stack, version.read);
}

function stackEffects(before: StackFile | null, after: StackFile | null, stations: number | null): Effect[] {
  if (before !== null && after !== null) {
    const released = before.target.release !== after.target.release;
    return ordered([
      ...appliedEffects(before, after, stations ?? after.stations, null),
      ...flagEffects(before.flags, after.flags, released),
    ]);
  }
  if (after !== null) return [addsStack(after)];
  return [
    {
      rule: 'removes-stack',
      severity: 'danger',
      sentence: `The stack is no longer described: nothing updates ${before?.plan.service} any more, and \`pulumi destroy\` would end it.`,
    },
  ];
}

/** What it does to apply one thing after another, in no order; `live`: what the cluster says, where `before` is what it runs. */
export function appliedEffects(
  before: Applied,
  after: Applied,
  stations: number | null,
  live: LiveRelease | null,
): Effect[] {
  const targets = { before: before.target, after: after.target };
  const plans = { before: before.plan, after: after.plan };
  return [
    ...effectsOf({ ...plans, targets, gates: gatesFor(after.target), stations, live }),
    ...scoringEffects(before.scoring, after.scoring),
  ];
}

export function addsStack({ plan, target }: StackFile): Effect {
  return {
    rule: 'adds-stack',
    severity: 'warning',
    sentence: `A new stack: ${plan.service} starts in ${target.namespace} with 100 % of its stations; the first version of a service is neither shadowed nor judged.`,
  };
}

/** What `file` does that `against`, another file or the same one at a commit, does not. */
export async function reviewPlan(
  { file, text: written }: { file: string; text: string },
  against: string,
  stations: number | null,
): Promise<Review> {
  const { plan: after, apart, all } = await checkedPlan(written, file, workingTree.read);
  const other = await workingTree.read(against);
  const { read } = other === null ? await versionAt(against) : workingTree;
  const text = other ?? (await read(file));
  if (text === null) return { subject: file, effects: [addsPlan(after)] };
  const before_file = other === null ? `${against}:${file}` : against;
  const before = parsePlan(text, before_file);
  const targets = {
    before: { ...anywhere, stations: await apartIn({ plan: before, text, file: before_file }, read) },
    after: { ...anywhere, stations: apart },
  };
  const change = { before, after, targets, gates: gatesFor(anywhere), stations: stations ?? all, live: null };
  const flags = flagEffects(
    await flagsBeside(other === null ? file : against, read),
    await flagsBeside(file, workingTree.read),
    false,
  );
  return { subject: file, effects: ordered([...effectsOf(change), ...flags]) };
}

function addsPlan({ service }: Plan): Effect {
  return {
    rule: 'adds-plan',
    severity: 'notice',
    sentence: `A new plan, of ${service}. It does nothing until a stack names it.`,
  };
}

/** A plan alone is released nowhere: what it changes is the same in every cluster. */
const anywhere: Omit<Target, 'stations'> = {
  namespace: 'default',
  image: `model-server@sha256:${'0'.repeat(64)}`,
  release: `sha256:${'0'.repeat(64)}`,
  arm: 'control',
  backtested: true,
  registry: { persistentVolumeClaim: { claimName: 'registry' } },
  states: { persistentVolumeClaim: { claimName: 'states' } },
  prometheus_url: 'http://prometheus:9090',
  scorer_url: 'http://scorer:8080',
  time: productionTime,
};
