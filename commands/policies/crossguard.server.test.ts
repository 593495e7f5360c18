import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as kubernetes from '@pulumi/kubernetes';
import { LocalWorkspace, PulumiCommand } from '@pulumi/pulumi/automation/index.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { attachedProvider, PROVIDER_READY } from '../../lab/provider-place.ts';
import { objectPolicies, stackPolicies } from '../../policies/all.ts';
import { type KubernetesObject, nameOf } from '../../policies/policy.ts';

const root = join(import.meta.dirname, '..', '..');
const policies = [...objectPolicies, ...stackPolicies].map(({ name }) => name);
const fixture = (name: string) => readFile(join(root, 'policies', 'fixtures', name), 'utf8');

let folder: string;
let provider: ChildProcess;
let command: PulumiCommand;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossguard-'));
  for (const name of ['state', 'home']) await mkdir(join(folder, name));
  const kubeconfig = join(folder, 'kubeconfig');
  // A preview asks no cluster: nobody listens there.
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:1' } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'none', context: { cluster: 'none', user: 'nobody' } }],
      'current-context': 'none',
    }),
  );
  const log = await open(join(folder, 'log'), 'w');
  provider = spawn(process.execPath, [join(root, 'lab', 'provider.ts'), kubeconfig], {
    stdio: ['ignore', log.fd, 'inherit'],
  });
  await log.close();
  await vi.waitUntil(async () => (await readFile(join(folder, 'log'), 'utf8')).includes(PROVIDER_READY), 30_000);
  // The Automation API looks for bin/pulumi, whatever the folder of the lab's binaries is called.
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: it names the folder that holds pulumi');
  await symlink(bin, join(folder, 'bin'));
  command = await PulumiCommand.get({ root: folder, skipVersionCheck: true });
});

afterAll(async () => {
  if (provider !== undefined && provider.exitCode === null) {
    provider.kill();
    await once(provider, 'exit');
  }
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** What a preview of these objects prints, by the policy pack as it lies in the repository; `refused` if it ends as a failure. */
async function preview(stack: string, objects: readonly KubernetesObject[]) {
  const program = async () => {
    for (const object of objects)
      new kubernetes.apiextensions.CustomResource(nameOf(object), { metadata: {}, ...object });
  };
  const workspace = await LocalWorkspace.createOrSelectStack(
    { projectName: 'policies', stackName: stack, program },
    {
      pulumiCommand: command,
      workDir: await mkdtemp(join(folder, 'work-')),
      pulumiHome: join(folder, 'home'),
      envVars: {
        PATH: `${process.execPath}/..:${process.env.PATH}`,
        PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
        PULUMI_CONFIG_PASSPHRASE: '',
        PULUMI_DEBUG_PROVIDERS: attachedProvider(join(folder, 'log')),
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
    },
  );
  let printed = '';
  const onOutput = (text: string) => {
    printed += text;
  };
  const refused = await workspace
    .preview({ color: 'never', onOutput, policyPacks: [join(root, 'policies', 'pack')] })
    .then(
      () => false,
      () => true,
    );
  return { refused, printed };
}

const objectsIn = (text: string): KubernetesObject[] => parseAllDocuments(text).map((document) => document.toJS());

/** Findings as the engine prints them, each a line with level and policy, and one with the text. */
function findingsIn(printed: string) {
  return [...printed.matchAll(/- \[(\w+)\] {2}(\S+) {2}\(.*\)\n\s+(.*)\n/g)].map(([, level, policy, text]) => ({
    level,
    policy,
    text,
  }));
}

/** What a policy says of its failing fixture. */
async function expected(name: string, level: string) {
  const told = (await fixture(`${name}.fail.txt`)).trim().split('\n');
  return told.map((line) => ({ level, policy: name, text: line.slice(line.indexOf(' ') + 1) }));
}

test.each(policies)('%s: the engine refuses a preview of its failing fixture, and names it', async (name) => {
  const { refused, printed } = await preview('serving-production', objectsIn(await fixture(`${name}.fail.yaml`)));
  expect(refused).toBe(true);
  const found = findingsIn(printed).filter(({ policy }) => policy === name);
  expect(found.sort(byText)).toEqual((await expected(name, 'mandatory')).sort(byText));
});

test('the shipped stack passes: nothing is found in what it applies', async () => {
  const folder = join(root, 'manifests', 'production');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const { refused, printed } = await preview('serving-production', texts.flatMap(objectsIn));
  expect(findingsIn(printed)).toEqual([]);
  expect(refused).toBe(false);
});

test('where the environment is advisory the same is told, and nothing refused', async () => {
  const name = 'images-by-digest';
  const { refused, printed } = await preview('serving-lab', objectsIn(await fixture(`${name}.fail.yaml`)));
  expect(refused).toBe(false);
  expect(findingsIn(printed)).toEqual(expect.arrayContaining(await expected(name, 'advisory')));
});

function byText(a: { text: string | undefined }, b: { text: string | undefined }): number {
  return (a.text ?? '').localeCompare(b.text ?? '');
}
