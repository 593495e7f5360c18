import type { KubeConfig } from '@kubernetes/client-node';
import { gatesFor } from '../../analysis/gates.ts';
import { effectsOf, ordered } from '../../core/effect/effect.ts';
import { InputError } from '../../core/input-error.ts';
import { parsePlan } from '../../core/plan.ts';
import { stationsIn } from '../inventory.ts';
import { checkNamed } from '../named-by-plan.ts';
import { readOwnStack, stacksAmong } from '../stack-file.ts';
import { readLive } from './live.ts';
import { addsStack, appliedEffects, type Review } from './review.ts';
import { workingTree } from './versions.ts';

/** What applying a stack of the working tree would do to what the cluster runs. */
export async function reviewLiveStack(
  config: KubeConfig,
  named: string | undefined,
  stations: number | null,
): Promise<Review> {
  const stack = named ?? onlyOne(stacksAmong(await workingTree.list()));
  const after = await readOwnStack(stack, workingTree.read);
  const found = await readLive(config, { namespace: after.target.namespace, service: after.plan.service });
  if (found === null) return { subject: stack, effects: [addsStack(after)] };
  return {
    subject: stack,
    effects: ordered(appliedEffects(found.applied, after, stations ?? after.stations, found.live)),
  };
}

/** What a plan alone would change of its service in a namespace; what is released stays what it is. */
export async function reviewLivePlan(
  config: KubeConfig,
  { file, text, namespace }: { file: string; text: string; namespace: string },
  stations: number | null,
): Promise<Review> {
  const after = parsePlan(text, file);
  await checkNamed({ plan: after, text, file }, workingTree.read);
  const found = await readLive(config, { namespace, service: after.service });
  if (found === null)
    throw new InputError([
      {
        place: '--namespace',
        message: `${namespace} has no Rollout ${after.service}`,
        fix: 'name the namespace that it runs in',
      },
    ]);
  const { plan: before, target } = found.applied;
  const { apart, all } = await stationsIn({ plan: after, text, file }, workingTree.read);
  const targets = { before: target, after: { ...target, stations: apart } };
  const change = { before, after, targets, gates: gatesFor(target), stations: stations ?? all, live: found.live };
  return { subject: file, effects: ordered(effectsOf(change)) };
}

/** A kubeconfig speaks of one cluster, and stacks may run in several. */
function onlyOne(stacks: readonly string[]): string {
  const [stack, ...more] = stacks;
  if (stack !== undefined && more.length === 0) return stack;
  throw new InputError([
    {
      place: '--stack',
      message: `there are ${stacks.length} stacks`,
      fix: `name one of ${stacks.join(', ') || 'them'}`,
    },
  ]);
}
