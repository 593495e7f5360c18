import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Flags, releaseFlags } from '../../core/compile/flags.ts';
import type { Arms, Plan } from '../../core/plan.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, type Release, releaseDigest } from '../../core/release.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { controlArtefact, nearArtefact, worseArtefact } from '../../model-server/control.ts';
import { train } from '../../model-server/train.ts';
import type { LabImages } from './images.ts';
import type { RehearsalOptions } from './options.ts';
import type { Scenario } from './scenarios.ts';

/** A release as the lab can run it. */
export type LabRelease = { digest: string; image: string; model: string; arms?: Record<string, string> };

export type LabReleases = {
  stable: LabRelease;
  candidate: LabRelease;
  images: LabImages;
};

/** The arm that harms in a scenario of arms. */
export const HARMFUL_ARM = 'online';

type Prepared = {
  registry: string;
  telemetry: Telemetry;
  plan: Pick<Plan, 'arms'>;
  /** Beside the plan's own arms. */
  flags: Flags;
  options: Pick<RehearsalOptions, 'scenario' | 'seed'>;
  images: LabImages;
};

/**
 * Puts what this rehearsal releases into `registry`, the folder that its pods see. Models and releases are named by their digests, so
 * rehearsals share the folder, and training is done once. `onTraining` is told the share done, only if there is something to train.
 */
export async function prepareReleases(
  { registry, telemetry, plan, flags, options, images }: Prepared,
  onTraining: (share: number) => void,
): Promise<LabReleases> {
  const { scenario, seed } = options;
  await mkdir(registry, { recursive: true });
  const control = await controlArtefact(registry);
  const models: Models = {
    control: async () => control,
    near: () => nearArtefact(registry),
    worse: () => worseArtefact(registry, telemetry),
    learned: async () =>
      (await train(telemetry, { seed, registry, onProgress: (p) => onTraining(p.step / p.steps) })).digest,
  };
  return {
    stable: await publish(registry, images.server, { model: control, flags: {} }),
    candidate: await publish(registry, images.served, await candidateOf(scenario, plan.arms, flags, models)),
    images,
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
