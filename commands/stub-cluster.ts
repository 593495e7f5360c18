import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gatesFor } from '../analysis/gates.ts';
import { compile } from '../core/compile/compile.ts';
import { exampleTarget as target } from '../core/compile/example-target.ts';
import { parsePlan } from '../core/plan.ts';
import { POD_HASH_LABEL, RELEASE_ANNOTATION } from '../core/workload.ts';
import { planRecord } from '../stacks/plan-record.ts';

/** What an API server has at its paths; a number is the status that it answers. */
export type Paths = Record<string, unknown>;

const scoring = {
  ...{ scorer_image: 's', recomputer_image: 'm', data: { emptyDir: {} }, database: 'sqlite' as const },
  ...{ stable_url: 'http://stable', canary_url: 'http://canary', recompute_url: 'http://recompute' },
};
const stable_release = `sha256:${'a'.repeat(64)}`;

/**
 * A namespace "forecast" to which a plan was applied for the example target, which is pod hash "canary" beside an older "stable".
 * `status` is the Rollout's; `failed` are the pod hashes whose analysis failed; `aborted` is what the record remembers.
 */
export function appliedTo(
  text: string,
  status: object,
  failed: readonly string[] = [],
  aborted: readonly string[] = [],
): Paths {
  const plan = parsePlan(text, 'plan.yaml');
  const { rollout, analysisTemplates } = compile(plan, gatesFor(target), target);
  const argo = '/apis/argoproj.io/v1alpha1/namespaces/forecast';
  const revision = (hash: string, release: string) => ({
    metadata: { name: hash, labels: { [POD_HASH_LABEL]: hash } },
    spec: { template: { metadata: { annotations: { [RELEASE_ANNOTATION]: release } } } },
  });
  const run = (hash: string) => ({
    metadata: { name: hash, labels: { [POD_HASH_LABEL]: hash } },
    status: { phase: 'Failed' },
  });
  return {
    [`${argo}/rollouts/forecast`]: { ...rollout, status },
    [`${argo}/analysistemplates`]: { items: analysisTemplates },
    [`${argo}/analysisruns`]: { items: failed.map(run) },
    '/apis/apps/v1/namespaces/forecast/replicasets?labelSelector=app%3Dforecast': {
      items: [revision('stable', stable_release), revision('canary', target.release)],
    },
    '/api/v1/namespaces/forecast/configmaps/forecast-plan': planRecord(plan, text, { target, scoring }, aborted),
  };
}

/** Serves them, with a kubeconfig that names it. */
export async function stubCluster(paths: Paths): Promise<AsyncDisposable & { kubeconfig: string }> {
  const server = createServer((request, response) => {
    const found = paths[request.url ?? ''];
    response.statusCode = found === undefined ? 404 : typeof found === 'number' ? found : 200;
    response.end(JSON.stringify(found ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'stub' },
    clusters: [{ name: 'stub', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'stub', context: { cluster: 'stub', user: 'nobody', namespace: 'forecast' } }],
  };
  return {
    kubeconfig: JSON.stringify(config),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
