import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sample } from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { gatesFor } from '../../analysis/gates.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { rehearsalTime, type Target } from '../../core/compile/target.ts';
import { parsePlan } from '../../core/plan.ts';
import { planTexts } from '../../core/plan-arbitrary.ts';
import { apiserverUrl } from '../../lab/control-plane.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { readTls } from '../../lab/process-probe.ts';
import { type ServingManifest, servingManifests } from '../../stacks/serving-manifests.ts';

const PLANS = 30;
/** Another seed is other plans. */
const SEED = 5;

const texts = sample(planTexts(), { numRuns: PLANS, seed: SEED });
const apart = { ...exampleTarget, stations: { pinned: ['a "1"', 'b.2'], kept_out: ['c (3)'] } };
const targets: Target[] = [
  apart,
  {
    ...exampleTarget,
    registry: { hostPath: { path: '/lab/registry' } },
    states: { hostPath: { path: '/lab/states' } },
    time: rehearsalTime(15),
  },
];

/** Where the API server takes each kind. */
const paths: Record<ServingManifest['kind'], string> = {
  Namespace: '/api/v1/namespaces',
  Service: '/api/v1/namespaces/NS/services',
  ConfigMap: '/api/v1/namespaces/NS/configmaps',
  CronJob: '/apis/batch/v1/namespaces/NS/cronjobs',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/NS/poddisruptionbudgets',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies',
  Rollout: '/apis/argoproj.io/v1alpha1/namespaces/NS/rollouts',
  AnalysisTemplate: '/apis/argoproj.io/v1alpha1/namespaces/NS/analysistemplates',
  VirtualService: '/apis/networking.istio.io/v1/namespaces/NS/virtualservices',
  PrometheusRule: '/apis/monitoring.coreos.com/v1/namespaces/NS/prometheusrules',
  EnvoyFilter: '/apis/networking.istio.io/v1alpha3/namespaces/NS/envoyfilters',
};

let lab: Lab;
let api: Client;

beforeAll(async () => {
  lab = await startLab();
  const tls = { ca: lab.credentials.ca, ...lab.credentials.client('admin') };
  api = new Client(apiserverUrl(lab.host), { connect: readTls(tls), pipelining: 1 });
  await applied({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: exampleTarget.namespace, labels: {} } }, '');
});

afterAll(async () => {
  await api?.close();
  await lab?.stop();
});

describe(`Given ${PLANS} plans that hold`, () => {
  test.each(texts)(
    'When the API server is asked to apply what plan %# compiles to, Then it takes all of it, without a warning',
    async (text) => {
      for (const target of targets)
        for (const manifest of manifestsOf(text, target))
          expect({ text, said: await applied(manifest, '&dryRun=All') }).toEqual({
            text,
            said: { status: expect.toSatisfy(isDone) },
          });
    },
  );

  test.each(texts)('When Argo’s own lint reads what plan %# compiles to, Then it finds no fault', (text) => {
    const file = join(lab.dir, 'tmp', 'compiled.yaml');
    writeFileSync(
      file,
      manifestsOf(text, apart)
        .map((manifest) => stringify(manifest))
        .join('---\n'),
    );
    execFileSync(join(lab.bin, 'kubectl-argo-rollouts'), ['lint', '-f', file], { stdio: 'pipe' });
  });
});

function manifestsOf(text: string, target: Target): ServingManifest[] {
  const plan = parsePlan(text, 'plan.yaml');
  const scoring = {
    ...{ scorer_image: exampleTarget.image, recomputer_image: exampleTarget.image, database: plan.judge.database },
    ...{
      data: { emptyDir: {} },
      stable_url: 'http://stable',
      canary_url: 'http://canary',
      recompute_url: 'http://recompute',
    },
  };
  return servingManifests({ plan, plan_text: text, gates: gatesFor(target), target, scoring, aborted: [] });
}

/** What the API server says to a server-side apply in which no field may be unknown or written twice. */
async function applied(
  manifest: ServingManifest,
  query: string,
): Promise<{ status: number; warning?: string; body?: string }> {
  const path = paths[manifest.kind].replace('NS', exampleTarget.namespace);
  const { statusCode, headers, body } = await api.request({
    method: 'PATCH',
    path: `${path}/${manifest.metadata?.name}?fieldManager=test&force=true&fieldValidation=Strict${query}`,
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(manifest),
  });
  const text = await body.text();
  return {
    status: statusCode,
    ...(headers.warning === undefined ? {} : { warning: String(headers.warning) }),
    ...(isDone(statusCode) ? {} : { body: text }),
  };
}

function isDone(status: unknown): boolean {
  return status === 200 || status === 201;
}
