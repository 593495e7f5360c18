import { isDeepStrictEqual } from 'node:util';
import { Ajv } from 'ajv';
import { sha256 } from '../../core/release.ts';
import type { Files } from './archive.ts';

export const MANIFEST = 'manifest.json';

/** What a bundle holds: the digest of every other file, so that a difference has a name. */
export type Manifest = {
  schema: 1;
  outcome: string;
  release: { stable: string; candidate: string };
  commit: string | null;
  files: Record<string, { sha256: string; bytes: number }>;
};

const text = { type: 'string' };
const valid = new Ajv({ allErrors: true, strictTypes: false }).compile<Manifest>({
  type: 'object',
  required: ['schema', 'outcome', 'release', 'commit', 'files'],
  properties: {
    schema: { const: 1 },
    outcome: text,
    release: { type: 'object', required: ['stable', 'candidate'], properties: { stable: text, candidate: text } },
    commit: { type: 'string', nullable: true },
    files: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['sha256', 'bytes'],
        properties: { sha256: text, bytes: { type: 'integer', minimum: 0 } },
      },
    },
  },
});

export function manifestOf(files: Files, about: Pick<Manifest, 'outcome' | 'release' | 'commit'>): Buffer {
  const listed = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest: Manifest = {
    schema: 1,
    ...about,
    files: Object.fromEntries(listed.map(([name, contents]) => [name, entryOf(contents)])),
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

/** Every file that is not as the manifest says, is missing or was added; and the manifest, if it can be read. */
export function compareManifest(files: Files): { manifest: Manifest | null; faults: string[] } {
  const contents = files.get(MANIFEST);
  if (contents === undefined) return { manifest: null, faults: [`${MANIFEST} is missing`] };
  const manifest = parsed(contents);
  if (!valid(manifest)) return { manifest: null, faults: [`${MANIFEST} is not a manifest of evidence`] };
  const faults: string[] = [];
  for (const [name, entry] of Object.entries(manifest.files)) {
    const file = files.get(name);
    if (file === undefined) faults.push(`${name} is missing`);
    else if (!isDeepStrictEqual(entryOf(file), entry))
      faults.push(`${name} is not what was packed: its sha256 differs`);
  }
  for (const name of files.keys())
    if (name !== MANIFEST && !Object.hasOwn(manifest.files, name))
      faults.push(`${name} was added: the manifest does not list it`);
  return { manifest, faults };
}

function entryOf(contents: Buffer): Manifest['files'][string] {
  return { sha256: sha256(contents), bytes: contents.length };
}

function parsed(contents: Buffer): unknown {
  try {
    return JSON.parse(contents.toString());
  } catch {
    return null;
  }
}
