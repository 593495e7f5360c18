import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, sha256 } from '../../core/release.ts';
import { writeWithEntrypoint } from '../../lab/container-image.ts';
import { setUp } from '../bootstrap/setup.mjs';
import { buildImage, builtDigest } from '../image/image.ts';
import type { RehearsalOptions } from './options.ts';

/** What an image holds, for a node agent that runs images as processes of this machine. */
export type ImageContents = { cwd: string; command: string[] };

/** What the pods of a rehearsal are of. */
export type LabImages = {
  /** References by digest: of the model server, of the candidate's model server, and of the scorer. */
  server: string;
  served: string;
  scorer: string;
  /** By reference, for pods that are processes. */
  contents: Record<string, ImageContents>;
  /** Where model servers are containers: OCI archives of their images, and the folder of the programs that run them. */
  containers: { archives: string[]; tools: string } | null;
};

/** The name of the model server's image, also with a fault: a candidate's pods come from where the stable ones come from. */
export const SERVER_IMAGE = 'gridramp/model-server';

const serverEntry = ['model-server/main.ts'];
const scorerEntry = ['scorer/main.ts'];

type Asked = Pick<RehearsalOptions, 'pods' | 'scenario' | 'fault_after_h' | 'out'>;

/** Names the images, and builds them where pods are containers: half a minute, or seconds where the server's files are as they were. */
export async function labImages(root: string, options: Asked): Promise<LabImages> {
  const { fault } = options.scenario;
  const faultyEntry = fault === null ? null : ['model-server/faulty.ts', `${fault}@${options.fault_after_h}`];
  const scorer = `gridramp/scorer@${await sourcesDigest(root, ['scorer', 'core'], scorerEntry)}`;
  const ofServer = (digest: string) => `${SERVER_IMAGE}@${digest}`;
  const ofSources = (entry: string[]) => sourcesDigest(root, ['model-server', 'core'], entry);
  const containers = options.pods === 'container' ? await buildImages(root, options, faultyEntry) : null;
  const server = ofServer(containers?.server ?? (await builtDigest(root, 'cpu')) ?? (await ofSources(serverEntry)));
  const served = faultyEntry === null ? server : ofServer(containers?.served ?? (await ofSources(faultyEntry)));
  const contents = {
    [scorer]: processOf(root, scorerEntry),
    [server]: processOf(root, serverEntry),
    ...(faultyEntry === null ? {} : { [served]: processOf(root, faultyEntry) }),
  };
  return { server, served, scorer, contents, containers };
}

/** Digests of the images, and where they and what runs them are. */
async function buildImages(root: string, { out }: Asked, faultyEntry: string[] | null) {
  await setUp(root, 'containers', process.stderr);
  const { bin } = await setUp(root, 'container-node', process.stderr);
  if (bin === null) throw new Error('the need container-node has no programs');
  const folder = path.resolve(out, 'images');
  const { archive, digest } = await buildImage({ root, variant: 'cpu', out: folder });
  if (faultyEntry === null) return { server: digest, served: digest, archives: [archive], tools: bin };
  const faulty = path.join(folder, 'cpu.faulty.oci.tar');
  const [entry = '', fault = ''] = faultyEntry;
  const served = await writeWithEntrypoint(faulty, archive, ['/usr/local/bin/node', `/app/${entry}`, fault]);
  return { server: digest, served, archives: [archive, faulty], tools: bin };
}

function processOf(root: string, entry: string[]): ImageContents {
  return { cwd: root, command: [process.execPath, '--disable-warning=ExperimentalWarning', ...entry] };
}

/** Stands for an image that was not built: of the sources and the entry point, so that a change in any makes another. */
async function sourcesDigest(root: string, folders: readonly string[], entry: string[]): Promise<string> {
  const hashes = [sha256(await readFile(path.join(root, 'package-lock.json')))];
  for (const folder of folders)
    for (const file of (await readdir(path.join(root, folder), { recursive: true })).sort())
      if (/\.(ts|json)$/.test(file) && !file.endsWith('.test.ts'))
        hashes.push(sha256(`${file}\n${await readFile(path.join(root, folder, file), 'utf8')}`));
  return sha256(canonicalJson({ entry, hashes }));
}
