import * as pulumi from '@pulumi/pulumi';
import type { Target } from '../core/compile/target.ts';
import { isRefused, refusals } from '../core/effect/live.ts';
import { InputError } from '../core/input-error.ts';
import type { Plan } from '../core/plan.ts';
import { clusterOf } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { readAborted } from './plan/live.ts';

/**
 * Ends the program where it would apply a release that the cluster aborted and the plan does not acknowledge: a change of the steps would
 * start it again. Resolves with every release that was aborted, for the record: what replaces one takes the cluster's own memory of it.
 * A preview also works without a cluster, and then only warns.
 */
export async function refuseAborted(plan: Plan, target: Target): Promise<string[]> {
  const kubernetes = new pulumi.Config('kubernetes');
  try {
    const config = clusterOf(kubernetes.get('kubeconfig'), kubernetes.get('context'));
    const aborted = await readAborted(config, { namespace: target.namespace, service: plan.service });
    const effects = refusals(plan, target, { aborted });
    if (isRefused(effects)) throw new Error(effects.map(({ sentence }) => sentence).join('\n'));
    return aborted;
  } catch (error) {
    const is_unknown = error instanceof ClusterError || error instanceof InputError;
    if (!(is_unknown && pulumi.runtime.isDryRun())) throw error;
    await pulumi.log.warn(`whether ${target.release} was aborted is not known: ${error.message}`);
    return [];
  }
}
