import { Ajv } from 'ajv';
import { canonicalJson, DIGEST_PATTERN, sha256 } from '../../core/release.ts';
import { parseManifest } from '../manifest.ts';
import { ociPlace } from './oci-address.ts';
import { type Answer, ociClient, refusal } from './oci-client.ts';
import { RegistryError, type Store } from './store.ts';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const ARTIFACT_TYPE = 'application/vnd.gridramp.model.v1';
const FILE_TYPE = 'application/vnd.gridramp.model.file.v1';
const TITLE = 'org.opencontainers.image.title';
/** What the specification has for artefacts without a configuration. */
const EMPTY = Buffer.from('{}');
const emptyConfig = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(EMPTY), size: EMPTY.length };
/** The manifest of a model, in the store and as a file of it: `registryPath`. */
const OWN = 'manifest.json';
const MAX_PAGES = 100;

type Layer = { digest: string; size: number; annotations: { [TITLE]: string } };

/**
 * Models in a repository of an OCI registry. Each is one artefact: its tag is the hex of the model's digest, its layers are the model's
 * files, `manifest.json` among them, titled so that other tools unpack them by name. It holds models alone: a tag cannot be written "unless
 * it is there", which publishing under a name needs.
 */
export function ociStore(address: string, environment: NodeJS.ProcessEnv): Store {
  const place = ociPlace(address, environment);
  const ask = ociClient(place);
  const path = (name: string) => `${place.address}${name.replace(/^models\/?/, ':').replace(/:$/, '')}`;

  async function layersOf(name: string, tag: string): Promise<Layer[] | null> {
    const headers = { accept: MANIFEST_TYPE };
    const answer = await ask({ method: 'GET', url: `manifests/${tag}`, place: path(name), headers });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refusal(path(name), answer);
    const value: unknown = jsonIn(answer);
    if (isArtefact(value)) return value.layers;
    throw new RegistryError(path(name), 'its tag is no model of gridramp; delete the tag, or name another repository');
  }

  async function upload(name: string, bytes: Uint8Array): Promise<boolean> {
    const digest = sha256(bytes);
    const there = await ask({ method: 'HEAD', url: `blobs/${digest}`, place: path(name) });
    if (there.status === 200) return false;
    if (there.status !== 404) throw refusal(path(name), there);
    const begun = await ask({ method: 'POST', url: 'blobs/uploads/', place: path(name) });
    const location = begun.headers.get('location');
    if (begun.status !== 202 || location === null) throw refusal(path(name), begun);
    const url = new URL(location, begun.url);
    url.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    const done = await ask({ method: 'PUT', url: url.href, place: path(name), headers, body: bytes });
    if (done.status !== 201) throw refusal(path(name), done);
    return true;
  }

  async function tag(name: string, tag: string, bytes: Uint8Array): Promise<boolean> {
    for (const blob of [EMPTY, bytes]) await upload(name, blob);
    if ((await layersOf(name, tag)) !== null) return false;
    const body = Buffer.from(artefactOf(path(name), bytes));
    const headers = { 'content-type': MANIFEST_TYPE };
    const done = await ask({ method: 'PUT', url: `manifests/${tag}`, place: path(name), headers, body });
    if (done.status !== 201) throw refusal(path(name), done);
    return true;
  }

  return {
    path,
    async read(name, limit_bytes) {
      const file = fileOf(name);
      const layers = file && (await layersOf(name, file.tag));
      const layer = layers?.find(({ annotations }) => annotations[TITLE] === file?.title);
      if (layer === undefined) return null;
      if (layer.size > limit_bytes)
        throw new RegistryError(path(name), `its ${layer.size} bytes are more than ${limit_bytes}`);
      const answer = await ask({ method: 'GET', url: `blobs/${layer.digest}`, place: path(name), limit_bytes });
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw refusal(path(name), answer);
      return answer.body;
    },
    async writeIfAbsent(name, bytes) {
      const file = fileOf(name);
      if (file === null)
        throw new RegistryError(path(name), 'an OCI registry holds models alone; use a folder or an S3 bucket for it');
      return file.title === OWN ? tag(name, file.tag, bytes) : upload(name, bytes);
    },
    async list(folder) {
      if (folder !== 'models') return [];
      const names: string[] = [];
      let url: string | undefined = 'tags/list';
      for (let pages = 0; url !== undefined; pages++) {
        if (pages === MAX_PAGES) throw new RegistryError(path(folder), `has more than ${MAX_PAGES} pages of tags`);
        const answer: Answer = await ask({ method: 'GET', url, place: path(folder) });
        // A repository begins with what is pushed to it first.
        if (answer.status === 404) return [];
        if (answer.status !== 200) throw refusal(path(folder), answer);
        const value: unknown = jsonIn(answer);
        if (!isTagList(value)) throw new RegistryError(path(folder), 'its list of tags cannot be read');
        names.push(...(value.tags ?? []).filter((each) => HEX.test(each)).map((hex) => `models/${hex}/${OWN}`));
        url = nextPage(answer);
      }
      return names.sort();
    },
  };
}

const HEX = /^[0-9a-f]{64}$/;

/** null for names that are no file of a model. */
function fileOf(name: string): { tag: string; title: string } | null {
  const [, tag, title] = /^models\/([0-9a-f]{64})\/([\w.-]+)$/.exec(name) ?? [];
  return tag === undefined || title === undefined ? null : { tag, title };
}

/** The registry's own manifest of a model, from the model's, which names each file with its digest and size. */
function artefactOf(place: string, bytes: Uint8Array): string {
  const manifest = parseManifest(place, bytes);
  const own = { sha256: sha256(bytes), bytes: bytes.byteLength };
  const files = { [OWN]: own, ...('files' in manifest ? manifest.files : {}) };
  return canonicalJson({
    ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType: ARTIFACT_TYPE, config: emptyConfig },
    layers: Object.entries(files).map(([title, { sha256: digest, bytes: size }]) => ({
      ...{ mediaType: FILE_TYPE, digest, size },
      annotations: { [TITLE]: title },
    })),
  });
}

function nextPage({ headers, url }: Answer): string | undefined {
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  return next === undefined ? undefined : new URL(next, url).href;
}

function jsonIn({ body }: Answer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The schema refuses it by its place.
    return undefined;
  }
}

const ajv = new Ajv();
const text = { type: 'string' } as const;
const isTagList = ajv.compile<{ tags?: string[] | null }>({
  type: 'object',
  properties: { tags: { oneOf: [{ type: 'null' }, { type: 'array', items: text }] } },
});
const isArtefact = ajv.compile<{ layers: Layer[] }>({
  type: 'object',
  required: ['artifactType', 'layers'],
  properties: {
    artifactType: { const: ARTIFACT_TYPE },
    layers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['digest', 'size', 'annotations'],
        properties: {
          digest: { type: 'string', pattern: DIGEST_PATTERN },
          size: { type: 'integer', minimum: 0 },
          annotations: { type: 'object', required: [TITLE], properties: { [TITLE]: text } },
        },
      },
    },
  },
});
