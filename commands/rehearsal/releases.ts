import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Flags, releaseFlags } from '../../core/compile/flags.ts';
import type { Arms, Plan } from '../../core/plan.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, type Release, releaseDigest, sha256 } from '../../core/release.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { controlArtefact, nearArtefact, worseArtefact } from '../../model-server/control.ts';
import { train } from '../../model-server/train.ts';
import type { RehearsalOptions } from './options.ts';
import type { Scenario } from './scenarios.ts';

/** What an image holds, for a node agent that runs images as processes of this machine. */
export type ImageContents = { cwd: string; command: string[] };

/** A release as the lab can run it. */
export type LabRelease = { digest: string; image: string; model: string; arms?: Record<string, string> };

export type LabReleases = {
  stable: LabRelease;
  candidate: LabRelease;
  scorerImage: string;
  recomputerImage: string;
  images: Record<string, ImageContents>;
};

/** The arm that harms in a scenario of arms. */
export const HARMFUL_ARM = 'online';

type Prepared = {
  root: string;
  registry: string;
  telemetry: Telemetry;
  plan: Pick<Plan, 'arms'>;
  /** Beside the plan's own arms. */
  flags: Flags;
  options: Pick<RehearsalOptions, 'scenario' | 'seed' | 'fault_after_h'>;
};

/** Folders whose sources make up the images: a change in any makes other digests. */
const sources = { server: ['model-server', 'core'], scorer: ['scorer', 'core'] } as const;

/**
 * Puts what this rehearsal releases into `registry`, the folder that its pods see. Models and releases are named by their digests, so
 * rehearsals share the folder, and training is done once. `onTraining` is told the share done, only if there is something to train.
 */
export async function prepareReleases(
  { root, registry, telemetry, plan, flags, options }: Prepared,
  onTraining: (share: number) => void,
): Promise<LabReleases> {
  const { scenario, seed, fault_after_h } = options;
  await mkdir(registry, { recursive: true });
  const control = await controlArtefact(registry);
  const models: Models = {
    control: async () => control,
    near: () => nearArtefact(registry),
    worse: () => worseArtefact(registry, telemetry),
    learned: async () =>
      (await train(telemetry, { seed, registry, onProgress: (p) => onTraining(p.step / p.steps) })).digest,
  };
  const server = await imageOf(root, 'model-server', sources.server, ['model-server/main.ts']);
  const scorer = await imageOf(root, 'scorer', sources.scorer, ['scorer/main.ts']);
  const faulty = ['model-server/faulty.ts', `${scenario.fault}@${fault_after_h}`];
  const served = scenario.fault === null ? server : await imageOf(root, 'model-server', sources.server, faulty);
  return {
    stable: await publish(registry, server.reference, { model: control, flags: {} }),
    candidate: await publish(registry, served.reference, await candidateOf(scenario, plan.arms, flags, models)),
    scorerImage: scorer.reference,
    recomputerImage: server.reference,
    images: Object.fromEntries([server, scorer, served].map(({ reference, contents }) => [reference, contents])),
  };
}

/** An image reference by digest, of the sources and the entry point: where pods are processes there is no registry to push to. */
async function imageOf(root: string, name: string, folders: readonly string[], entry: string[]) {
  const hashes = [sha256(await readFile(path.join(root, 'package-lock.json')))];
  for (const folder of folders)
    for (const file of (await readdir(path.join(root, folder), { recursive: true })).sort())
      if (/\.(ts|json)$/.test(file) && !file.endsWith('.test.ts'))
        hashes.push(sha256(`${file}\n${await readFile(path.join(root, folder, file), 'utf8')}`));
  return {
    reference: `gridramp/${name}@${sha256(canonicalJson({ entry, hashes }))}`,
    contents: { cwd: root, command: [process.execPath, '--disable-warning=ExperimentalWarning', ...entry] },
  };
}

type Models = Record<'control' | 'near' | 'worse' | 'learned', () => Promise<string>>;

/**
 * What the scenario releases. Its arms are stand-ins until there are models of online and ensemble learning: the default one repeats yesterday
 * as the stable version does, online is a model that harms, the one that is meant to win is learned, and any other does nearly what control does.
 */
async function candidateOf(
  { model }: Pick<Scenario, 'model'>,
  arms: Arms | null,
  flags: Flags,
  models: Models,
): Promise<Pick<Release, 'model' | 'arms' | 'flags'>> {
  if (model !== 'arms') return { model: await models[model](), flags: {} };
  if (arms === null) throw new Error('the plan has no arms to release');
  const stands_in = { [HARMFUL_ARM]: models.worse, [arms.expected]: models.learned, [arms.default]: models.control };
  const digests: Record<string, string> = {};
  for (const arm of Object.keys(arms.shares)) digests[arm] = await (stands_in[arm] ?? models.near)();
  return { model: await models.control(), arms: digests, flags: releaseFlags(flags, arms) };
}

async function publish(
  registry: string,
  image: string,
  released: Pick<Release, 'model' | 'arms' | 'flags'>,
): Promise<LabRelease> {
  const release: Release = { image, ...released, server: {} };
  const digest = releaseDigest(release);
  const file = path.join(registry, registryPath.release(digest));
  await mkdir(path.dirname(file), { recursive: true });
  // By rename and once: pods of another rehearsal may be reading it.
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, canonicalJson(release));
    await rename(draft, file);
  }
  const { model, arms } = released;
  return { digest, image, model, ...(arms === undefined ? {} : { arms }) };
}
