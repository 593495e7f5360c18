import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatchV1Api, CoreV1Api, type V1Job } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { retrainingJob } from '../../core/compile/retraining.ts';
import { rehearsalTime, type Target } from '../../core/compile/target.ts';
import { parsePlan } from '../../core/plan.ts';
import { type Site, stage } from '../../lab/control-plane.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { nodeAgentProcess } from '../../lab/node-agent-place.ts';
import { readArtefact } from '../../model-server/artefact.ts';
import { folderStore } from '../../model-server/registry/folder-store.ts';
import { type Crane, startCrane } from '../../model-server/registry/oci-registry.ts';
import { ociStore } from '../../model-server/registry/oci-store.ts';
import { publications } from '../../model-server/registry/publications.ts';
import { modelsIn } from '../../model-server/registry/transfer.ts';
import { readRecord } from '../../model-server/retraining/record.ts';
import type { ScorerProcess } from '../../scorer/scorer-process.ts';
import { HOURS, noise, scorerWith, weekly } from '../model-server/logged-readings.ts';
import { agentDir, apply, NAMESPACE, WAIT } from './data-plane-lab.ts';

const MAIN = new URL('../../model-server/main.ts', import.meta.url).pathname;
const PLAN = new URL('../../rollouts/forecast.yaml', import.meta.url);
/** A CronJob of each minute begins within one; the rest is the training. */
const TRAINED = { timeout: 240_000, interval: 200 };
const plan = parsePlan(readFileSync(PLAN, 'utf8'), 'forecast.yaml');
const retraining = plan.retraining && { ...plan.retraining, model: 'ridge' as const, history_hours: 2 * HOURS };

let folder: string;
let registry: string;
let crane: Crane;
let lab: Lab;
const scorers: ScorerProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-retraining-job-'));
  registry = join(folder, 'registry');
  await mkdir(registry);
  crane = await startCrane(join(folder, 'blobs'));
  lab = await startLab({ extra: nodes });
  await apply(lab, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
  // The API server refuses pods until the namespace has got its service account.
  const account = () => core.readNamespacedServiceAccount({ name: 'default', namespace: NAMESPACE });
  await vi.waitUntil(() => account().then(Boolean, () => false), WAIT);
});
afterAll(async () => {
  for (const scorer of scorers) await scorer.end('SIGKILL');
  await lab?.stop();
  await crane?.stop();
  await rm(folder, { recursive: true });
});

function nodes(site: Site) {
  const images = join(site.dir, 'images.json');
  const command = ['node', '--disable-warning=ExperimentalWarning', MAIN];
  writeFileSync(images, JSON.stringify({ [exampleTarget.image]: { cwd: import.meta.dirname, command } }));
  const place = { kubeconfig: site.credentials.kubeconfig('node-agent'), slot: site.slot, dir: agentDir(site), images };
  return [nodeAgentProcess(place, [stage.access])];
}

const models = () => ociStore(`oci+http://${new URL(crane.url).host}/grid/models`, {});

/** The compiled CronJob in the cluster, for a scorer; suspended, as in every rehearsal, unless `more` says otherwise. */
async function applyJob(scorer_url: string, more: { schedule?: string; suspend?: boolean } = {}): Promise<string> {
  const target: Target = {
    ...{ ...exampleTarget, namespace: NAMESPACE, registry: { hostPath: { path: registry } }, scorer_url },
    ...{ model_store: { address: models().path('') }, time: rehearsalTime(15) },
  };
  if (retraining === null) throw new Error('the shipped plan retrains nothing');
  const [job] = retrainingJob({ ...plan, retraining }, target);
  if (job === undefined) throw new Error('nothing was compiled');
  await apply(lab, { ...job, spec: { ...job.spec, ...more } });
  return job.metadata.name;
}

async function scorerUrl(name: string, readings: typeof weekly): Promise<string> {
  const scorer = await scorerWith(folder, name, readings);
  scorers.push(scorer);
  return scorer.url;
}

async function jobs(): Promise<V1Job[]> {
  const batch = (await lab.client('admin')).makeApiClient(BatchV1Api);
  return (await batch.listNamespacedJob({ namespace: NAMESPACE })).items;
}

/** How the job ended, once it has. */
async function ended(is: (job: V1Job) => boolean): Promise<string> {
  const how = async () => {
    const conditions = (await jobs()).find(is)?.status?.conditions ?? [];
    return conditions.find(({ type, status }) => status === 'True' && /^(Complete|Failed)$/.test(type));
  };
  const { type, reason } = (await vi.waitUntil(how, TRAINED)) ?? {};
  return type === 'Failed' ? `${type}: ${reason}` : String(type);
}

/** As a person does it by hand. */
async function createJob(from: string, name: string): Promise<void> {
  const args = ['--kubeconfig', lab.kubeconfig('admin'), '--namespace', NAMESPACE, 'create', 'job'];
  await promisify(execFile)(join(lab.bin, 'kubectl'), [...args, `--from=cronjob/${from}`, name]);
}

test('Given the compiled CronJob, When its time comes, Then a Job publishes a model to the registry and the store; a worse one is refused; wrong settings are not tried again', async () => {
  const good = await scorerUrl('good', weekly);
  const name = await applyJob(good, { schedule: '* * * * *', suspend: false });
  await vi.waitUntil(async () => (await jobs()).length > 0, TRAINED);
  await applyJob(good);
  const [first] = await jobs();
  expect(first?.metadata?.ownerReferences).toMatchObject([{ kind: 'CronJob', name }]);
  expect(await ended((job) => job.metadata?.name === first?.metadata?.name)).toBe('Complete');
  const [published] = await publications(folderStore(registry), 'ridge');
  expect(await modelsIn(models())).toEqual([published?.model]);
  expect((await readArtefact(models(), published?.model ?? '')).manifest).toMatchObject({ kind: 'ridge' });

  await createJob(await applyJob(await scorerUrl('bad', noise())), 'worse');
  expect(await ended((job) => job.metadata?.name === 'worse')).toBe('Complete');
  expect(await publications(folderStore(registry), 'ridge')).toHaveLength(1);
  expect(await modelsIn(models())).toEqual([published?.model]);
  expect(await readRecord(registry, 'ridge')).toMatchObject({ counts: { published: 1, refused: 1, failed: 0 } });

  await createJob(await applyJob('nowhere'), 'wrong');
  expect(await ended((job) => job.metadata?.name === 'wrong')).toBe('Failed: PodFailurePolicy');
  expect((await jobs()).find((job) => job.metadata?.name === 'wrong')?.status?.failed).toBe(1);
});
