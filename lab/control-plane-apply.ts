import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import type { TlsFiles } from './process.ts';
import { readTls } from './process-probe.ts';

const UNTIL_MS = 30_000;
const POLL_MS = 20;

/** One object as its file has it, with what its address is made of. */
export type Crd = { name: string; group: string; version: string; plural: string; yaml: string };

/** A connection of the lab itself, for bytes as they are in the files: parsing megabytes of CRDs here would cost a second. */
export class Api {
  readonly #client: Client;

  constructor(server: string, tls: TlsFiles) {
    this.#client = new Client(server, { connect: readTls(tls), bodyTimeout: 30_000, headersTimeout: 30_000 });
  }

  /** Server-side apply of an object given as YAML or JSON text. */
  async apply(path: string, text: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#client.request({
      method: 'PATCH',
      path: `${path}?fieldManager=gridramp-lab&force=true`,
      headers: { 'content-type': 'application/apply-patch+yaml', accept: 'application/json' },
      body: text,
      signal,
    });
    const body = await answer.body.text();
    if (answer.statusCode > 201)
      throw new Error(`applying ${path} was answered ${answer.statusCode}: ${body.slice(0, 500)}`);
  }

  /** Asks until the answer is 200; any answer but that and `notYet` is an error. */
  async until(path: string, notYet: number, signal: AbortSignal): Promise<void> {
    const deadline_ms = performance.now() + UNTIL_MS;
    for (;;) {
      const { statusCode, body } = await this.#client.request({ method: 'GET', path, signal });
      const text = await body.text();
      if (statusCode === 200) return;
      if (statusCode !== notYet || performance.now() > deadline_ms)
        throw new Error(`${path} was answered ${statusCode}: ${text.slice(0, 500)}`);
      await delay(POLL_MS, undefined, { signal });
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }
}

/** The custom resource definitions in the folder, each document by itself. */
export async function readCrds(dir: string): Promise<Crd[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  const documents = texts.flatMap((text, index) => text.split(/^---\n/m).map((yaml) => ({ yaml, file: files[index] })));
  return documents.filter(({ yaml }) => /^kind: CustomResourceDefinition$/m.test(yaml)).map(crdOf);
}

function crdOf({ yaml, file }: { yaml: string; file: string | undefined }): Crd {
  const value = (pattern: RegExp, what: string): string => {
    const found = pattern.exec(yaml)?.[1];
    if (found === undefined) throw new Error(`crds/${file}: a definition without ${what}; fetch the CRDs again`);
    return found;
  };
  return {
    name: value(/^ {2}name: (\S+)$/m, 'metadata.name'),
    group: value(/^ {2}group: (\S+)$/m, 'spec.group'),
    plural: value(/^ {4}plural: (\S+)$/m, 'spec.names.plural'),
    version: value(/^ {2,6}(?:- )?name: (v\d\w*)$/m, 'spec.versions[].name'),
    yaml,
  };
}

/** Applies the definitions at once and waits until the API serves their resources. */
export async function applyCrds(api: () => Api, crds: readonly Crd[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    crds.map(async ({ name, group, version, plural, yaml }) => {
      const connection = api();
      try {
        await connection.apply(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, yaml, signal);
        await connection.until(`/apis/${group}/${version}/${plural}?limit=1`, 404, signal);
      } finally {
        await connection.close();
      }
    }),
  );
}
