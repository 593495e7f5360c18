import { AwsClient } from 'aws4fetch';
import { boundedBytes } from '../../core/bounded-body.ts';
import { type Fault, InputError } from '../../core/input-error.ts';
import { sha256 } from '../../core/release.ts';
import { RegistryError, type Store } from './store.ts';

/** The environment variables that AWS' own tools read. Credentials come from nowhere else. */
const env = {
  endpoint: 'AWS_ENDPOINT_URL_S3',
  region: 'AWS_REGION',
  key_id: 'AWS_ACCESS_KEY_ID',
  secret: 'AWS_SECRET_ACCESS_KEY',
  token: 'AWS_SESSION_TOKEN',
} as const;

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** One call, with its repetitions: the client repeats what the server was too busy for. */
const PATIENCE_MS = 60_000;
const RETRIES = 3;

/**
 * A bucket of an S3-compatible object store, `s3://BUCKET/PREFIX`. Every request is signed (Signature Version 4) with its body in it, so
 * that neither can be changed on the way. The bucket is named in the path, which every such store understands.
 */
export function s3Store(address: string, environment: NodeJS.ProcessEnv): Store {
  const { bucket, prefix } = parseAddress(address);
  const { endpoint, region, ...keys } = settingsOf(environment);
  const client = new AwsClient({ ...keys, region, service: 's3', retries: RETRIES });
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const path = (name: string) => `s3://${bucket}/${prefix}${name}`;

  async function ask(method: string, url: string, body?: Uint8Array, headers: Record<string, string> = {}) {
    const hash = sha256(body ?? '').replace('sha256:', '');
    try {
      return await client.fetch(url, {
        method,
        headers: { ...headers, 'x-amz-content-sha256': hash },
        // Copied: a view may be of memory that others share, which a request cannot take.
        ...(body && { body: Uint8Array.from(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (cause) {
      const why = cause instanceof Error ? (cause.cause ?? cause) : cause;
      throw new RegistryError(url, `does not answer (${why}); check ${env.endpoint} and the network`, { cause });
    }
  }

  return {
    path,
    async read(name, limit_bytes) {
      const response = await ask('GET', `${base}/${prefix}${name}`);
      if (!response.ok) {
        const said = await textOf(response);
        if (response.status === 404 && said.includes('NoSuchKey')) return null;
        throw refusal(path(name), response.status, said);
      }
      return boundedBytes(response.body ?? none(), limit_bytes).catch((cause) => {
        throw new RegistryError(path(name), String(cause), { cause });
      });
    },
    async writeIfAbsent(name, bytes) {
      const response = await ask('PUT', `${base}/${prefix}${name}`, bytes, { 'if-none-match': '*' });
      // 409: somebody else writes it in this moment, and will have written it.
      if (response.status === 412 || response.status === 409) return false;
      if (!response.ok) throw refusal(path(name), response.status, await textOf(response));
      return true;
    },
    async list(folder) {
      const names: string[] = [];
      for (let after = ''; ; ) {
        const query = `list-type=2&encoding-type=url&prefix=${encodeURIComponent(`${prefix}${folder}/`)}`;
        const response = await ask('GET', `${base}?${query}&start-after=${encodeURIComponent(after)}`);
        const page = await textOf(response);
        if (!response.ok) throw refusal(path(folder), response.status, page);
        const keys = keysIn(page);
        names.push(...keys.map((key) => key.slice(prefix.length)));
        after = keys.at(-1) ?? '';
        if (after === '' || !page.includes('<IsTruncated>true</IsTruncated>')) return names;
      }
    },
  };
}

/** Keys are asked for in the form of URLs, so that nothing in them needs XML's own. */
function keysIn(page: string): string[] {
  return [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) =>
    decodeURIComponent((key ?? '').replaceAll('+', ' ')),
  );
}

function refusal(place: string, status: number, said: string): RegistryError {
  const code = /<Code>([^<]*)<\/Code>/.exec(said)?.[1] ?? said.slice(0, 200);
  const hint = status === 403 ? `; check ${env.key_id}, ${env.secret} and what they may do` : '';
  return new RegistryError(place, `the store answers ${status} ${code}${hint}`);
}

async function textOf({ body }: Response): Promise<string> {
  return (await boundedBytes(body ?? none(), MAX_ANSWER_BYTES)).toString('utf8');
}

async function* none(): AsyncGenerator<Uint8Array> {}

function parseAddress(address: string): { bucket: string; prefix: string } {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w./-]*))?$/.exec(address) ?? [];
  if (bucket === undefined)
    throw new InputError([
      {
        place: '--store',
        message: `"${address}" names no bucket`,
        fix: 'write s3://BUCKET or s3://BUCKET/PREFIX, with letters, digits and _ . / - in the prefix',
      },
    ]);
  const folder = prefix.replace(/^\/+|\/+$/g, '');
  return { bucket, prefix: folder === '' ? '' : `${folder}/` };
}

function settingsOf(environment: NodeJS.ProcessEnv) {
  const faults: Fault[] = [];
  const required = (name: string): string => {
    const value = environment[name];
    if (!value) faults.push({ place: name, message: 'is not set', fix: 'set this environment variable for the store' });
    return value ?? '';
  };
  const region = environment[env.region] || 'us-east-1';
  const endpoint = environment[env.endpoint] || `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(endpoint))
    faults.push({ place: env.endpoint, message: `"${endpoint}" is no URL`, fix: 'write https://HOST' });
  const keys = { accessKeyId: required(env.key_id), secretAccessKey: required(env.secret) };
  if (faults.length > 0) throw new InputError(faults);
  const sessionToken = environment[env.token];
  return { endpoint, region, ...keys, ...(sessionToken && { sessionToken }) };
}
