import { CustomObjectsApi, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** What `kubectl argo rollouts promote NAME` does to a Rollout that waits: without its pause conditions the controller goes on. */
export async function promote(kube: KubeConfig, namespace: string, name: string): Promise<void> {
  const rollout = { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts', namespace, name };
  const body = { status: { pauseConditions: null } };
  await kube.makeApiClient(CustomObjectsApi).patchNamespacedCustomObjectStatus({ ...rollout, body }, merge);
}
