import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, type Release, releaseDigest, sha256 } from '../../core/release.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { controlArtefact, worseArtefact } from '../../model-server/control.ts';
import { train } from '../../model-server/train.ts';
import type { RehearsalOptions } from './options.ts';

/** What an image holds, for a node agent that runs images as processes of this machine. */
export type ImageContents = { cwd: string; command: string[] };

/** A release as the lab can run it. */
export type LabRelease = { digest: string; image: string; model: string };

export type LabReleases = {
  stable: LabRelease;
  candidate: LabRelease;
  scorerImage: string;
  recomputerImage: string;
  images: Record<string, ImageContents>;
};

type Choices = Pick<RehearsalOptions, 'scenario' | 'seed' | 'fault_after_h'>;

/** Folders whose sources make up the images: a change in any makes other digests. */
const sources = { server: ['model-server', 'core'], scorer: ['scorer', 'core'] } as const;

/**
 * Puts what this rehearsal releases into `registry`, the folder that its pods see. Models and releases are named by their digests, so
 * rehearsals share the folder, and training is done once. `onTraining` is told the share done, only if there is something to train.
 */
export async function prepareReleases(
  root: string,
  registry: string,
  telemetry: Telemetry,
  { scenario, seed, fault_after_h }: Choices,
  onTraining: (share: number) => void,
): Promise<LabReleases> {
  await mkdir(registry, { recursive: true });
  const control = await controlArtefact(registry);
  const model =
    scenario.model === 'worse'
      ? await worseArtefact(registry, telemetry)
      : (await train(telemetry, { seed, registry, onProgress: (p) => onTraining(p.step / p.steps) })).digest;
  const server = await imageOf(root, 'model-server', sources.server, ['model-server/main.ts']);
  const scorer = await imageOf(root, 'scorer', sources.scorer, ['scorer/main.ts']);
  const faulty = ['model-server/faulty.ts', `${scenario.fault}@${fault_after_h}`];
  const served = scenario.fault === null ? server : await imageOf(root, 'model-server', sources.server, faulty);
  return {
    stable: await publish(registry, server.reference, control),
    candidate: await publish(registry, served.reference, model),
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

async function publish(registry: string, image: string, model: string): Promise<LabRelease> {
  const release: Release = { image, model, flags: {}, server: {} };
  const digest = releaseDigest(release);
  const file = path.join(registry, registryPath.release(digest));
  await mkdir(path.dirname(file), { recursive: true });
  // By rename and once: pods of another rehearsal may be reading it.
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, canonicalJson(release));
    await rename(draft, file);
  }
  return { digest, image, model };
}
