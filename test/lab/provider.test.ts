import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CoreV1Api,
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import * as kubernetes from '@pulumi/kubernetes';
import { LocalWorkspace, PulumiCommand, type Stack } from '@pulumi/pulumi/automation/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stage } from '../../lab/control-plane.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { attachedProvider, providerProcess } from '../../lab/provider-place.ts';
import { apply } from './data-plane-lab.ts';

const NAMESPACE = 'served';

let lab: Lab;
let stack: Stack;
/** What the program wants now. */
let wanted: {
  host: string;
  port: string;
  data: Record<string, string>;
  pod?: Record<string, unknown>;
  hasService: boolean;
};

beforeAll(async () => {
  lab = await startLab({
    extra: ({ credentials }) => [providerProcess(credentials.kubeconfig('admin'), [stage.access])],
  });
  await lab.runner.ready('provider');
  stack = await stackOf();
  wanted = { host: 'm', port: 'http', data: { a: '1' }, hasService: true };
  await stack.up();
});

afterAll(async () => {
  await lab?.stop();
});

describe('Given a program that Pulumi has brought up', () => {
  test('When nothing changes, Then a preview shows no change, and a refresh finds none', async () => {
    await stack.refresh();
    expect((await stack.preview()).changeSummary).toEqual({ same: 5 });
  });

  test('When Argo has moved a weight and the program changes beside it, Then the weight stays', async () => {
    await asArgo({ spec: { http: [primary(75, 25)] } });
    wanted = { ...wanted, data: { a: '2' }, host: 'other' };
    await stack.up();
    expect((await virtualService()).spec).toEqual({ hosts: ['other'], http: [primary(75, 25)] });
    expect((await configMap()).data).toEqual({ a: '2' });
  });

  test('When a refresh has read what Argo wrote, Then an up still leaves it alone', async () => {
    await stack.refresh();
    wanted = { ...wanted, host: 'third' };
    await stack.up();
    expect((await virtualService()).spec).toEqual({ hosts: ['third'], http: [primary(75, 25)] });
  });

  test('When Argo has added its hash to a selector, Then it stays, and so do the labels that Pulumi gave', async () => {
    const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
    const body = { spec: { selector: { 'rollouts-pod-template-hash': 'abc' } } };
    const place = { name: 'stable', namespace: NAMESPACE };
    await core.patchNamespacedService({ ...place, body, fieldManager: 'rollouts-controller' }, merge);
    wanted = { ...wanted, port: 'web' };
    await stack.up();
    const { spec } = await core.readNamespacedService(place);
    expect(spec?.selector).toEqual({ app: 'm', 'rollouts-pod-template-hash': 'abc' });
    expect(spec?.ports?.[0]?.name).toBe('web');
  });

  test('When another manager owns a field that is not ignored, Then the up fails, and says who and which', async () => {
    await apply(lab, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: NAMESPACE },
      data: { a: 'theirs' },
    } as V1ConfigMap);
    wanted = { ...wanted, data: { a: '4' } };
    await expect(stack.up()).rejects.toThrow(
      /ConfigMap served\/settings was not accepted \(409 Conflict\).*\n.*\.data\.a: conflict with "test"/,
    );
    wanted = { ...wanted, data: { a: 'theirs' } };
    await stack.up();
  });

  test('When the API server refuses an object, Then every cause is named', async () => {
    wanted = {
      ...wanted,
      pod: { restartPolicy: 'Sometimes', containers: [{ name: 'c' }, { name: 'UPPER', image: 'x' }] },
    };
    const failed = await stack.up().then(String, String);
    // Whatever this test finds, the next one needs a program that can be applied.
    delete wanted.pod;
    expect(failed).toMatch(/Pod served\/faulty was not accepted \(422 Invalid\)/);
    for (const field of [
      'spec.containers[0].image: Required value',
      'spec.containers[1].name: Invalid value',
      'spec.restartPolicy: Unsupported value',
    ])
      expect(failed).toContain(field);
  });

  test('When an object is deleted behind its back, Then Pulumi can still delete it, and make it anew', async () => {
    const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
    await core.deleteNamespacedService({ name: 'stable', namespace: NAMESPACE });
    wanted = { ...wanted, hasService: false };
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ delete: 1 });
    wanted = { ...wanted, hasService: true };
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ create: 1 });
  });

  test('When it is destroyed, Then nothing of it is left but what goes with the namespace', async () => {
    await stack.destroy();
    const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
    expect(
      (await core.listNamespacedConfigMap({ namespace: NAMESPACE })).items.map(({ metadata }) => metadata?.name),
    ).not.toContain('settings');
  });
});

const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

async function program(): Promise<void> {
  const namespace = new kubernetes.core.v1.Namespace(NAMESPACE, { metadata: { name: NAMESPACE } });
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const after = { dependsOn: [namespace] };
  new kubernetes.core.v1.ConfigMap('settings', { metadata: metadata('settings'), data: wanted.data }, after);
  const http = [primary(100, 0)];
  new kubernetes.apiextensions.CustomResource(
    'm',
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: metadata('m'),
      spec: { hosts: [wanted.host], http },
    },
    { ...after, ignoreChanges: ['spec.http'] },
  );
  if (wanted.hasService)
    new kubernetes.core.v1.Service(
      'stable',
      {
        metadata: metadata('stable'),
        spec: {
          selector: { app: 'm' },
          ports: [{ name: wanted.port, port: 80 }],
        },
      },
      { ...after, ignoreChanges: ['spec.selector'] },
    );
  if (wanted.pod !== undefined)
    new kubernetes.apiextensions.CustomResource(
      'faulty',
      { apiVersion: 'v1', kind: 'Pod', metadata: metadata('faulty'), spec: wanted.pod },
      after,
    );
}

async function stackOf(): Promise<Stack> {
  const state = join(lab.dir, 'pulumi', 'state');
  await mkdir(state, { recursive: true });
  // The Automation API looks for bin/pulumi, whatever the folder of the lab's binaries is called.
  await symlink(lab.bin, join(lab.dir, 'pulumi', 'bin'));
  const pulumiCommand = await PulumiCommand.get({ root: join(lab.dir, 'pulumi'), skipVersionCheck: true });
  const envVars = {
    PATH: `${lab.bin}:${process.env.PATH}`,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: '',
    PULUMI_DEBUG_PROVIDERS: attachedProvider(lab.runner.logOf('provider')),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const place = { projectName: 'provider-test', stackName: 'lab', program };
  return LocalWorkspace.createOrSelectStack(place, {
    pulumiCommand,
    pulumiHome: join(lab.dir, 'pulumi', 'home'),
    envVars,
  });
}

function primary(stable: number, canary: number) {
  const to = (host: string, weight: number) => ({ destination: { host }, weight });
  return { name: 'primary', route: [to('stable', stable), to('canary', canary)] };
}

const place = {
  group: 'networking.istio.io',
  version: 'v1',
  namespace: NAMESPACE,
  plural: 'virtualservices',
  name: 'm',
};

async function virtualService(): Promise<{ spec: unknown }> {
  return (await lab.client('admin')).makeApiClient(CustomObjectsApi).getNamespacedCustomObject(place);
}

async function configMap(): Promise<V1ConfigMap> {
  return (await lab.client('admin'))
    .makeApiClient(CoreV1Api)
    .readNamespacedConfigMap({ name: 'settings', namespace: NAMESPACE });
}

async function asArgo(body: object): Promise<void> {
  const api = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  await api.patchNamespacedCustomObject({ ...place, body, fieldManager: 'rollouts-controller' }, merge);
}
