import { setTimeout as delay } from 'node:timers/promises';
import { boundedBytes } from '../../core/bounded-body.ts';
import { type OciPlace, ociEnv } from './oci-address.ts';
import { RegistryError } from './store.ts';

export type Asked = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Relative to the repository, or the whole address that the registry gave. */
  url: string;
  /** What it is about, for messages. */
  place: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Most that the answer may hold. */
  limit_bytes?: number;
};
export type Answer = { status: number; headers: Headers; url: URL; body: Buffer };
export type OciClient = (asked: Asked) => Promise<Answer>;

/** One call with all its redirections, repetitions and its token. */
const PATIENCE_MS = 60_000;
const MAX_REDIRECTS = 3;
const RETRIES = 3;
const FIRST_RETRY_MS = 250;
const MAX_TEXT_BYTES = 1024 * 1024;
const BUSY = [429, 503];

/**
 * Calls of the OCI distribution API. Authorises itself as the registry asks (Basic, or a Bearer token), sends what it is authorised by to
 * the registry's own origin alone, and follows no redirection from https to http. Throws a RegistryError where nothing answers.
 */
export function ociClient(origin: OciPlace): OciClient {
  let authorization: string | undefined;

  async function authorised(asked: Asked, signal: AbortSignal): Promise<Answer> {
    const first = await followed(origin, asked, authorization, signal);
    if (first.status !== 401) return first;
    authorization = await authorizationFor(origin, first.headers.get('www-authenticate') ?? '', asked.place, signal);
    return authorization === undefined ? first : followed(origin, asked, authorization, signal);
  }

  return async (asked) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (let tries = 0; ; tries++) {
      const answer = await authorised(asked, signal);
      if (!BUSY.includes(answer.status) || tries === RETRIES) return answer;
      await delay(FIRST_RETRY_MS * 2 ** tries);
    }
  };
}

/** The answer behind at most `MAX_REDIRECTS` redirections: registries keep blobs elsewhere. What is written is never sent on. */
async function followed(
  { base }: OciPlace,
  asked: Asked,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  let url = within(base, asked.url, base, asked);
  for (let redirects = 0; ; redirects++) {
    const own = url.origin === base.origin && authorization !== undefined;
    const answer = await sent(url, { ...asked, headers: { ...asked.headers, ...(own && { authorization }) } }, signal);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    if (location === null || asked.body !== undefined) return answer;
    if (redirects === MAX_REDIRECTS) throw refused(asked, `sends on more than ${MAX_REDIRECTS} times`);
    url = within(base, location, url, asked);
  }
}

/** An address that the registry gave: never plain HTTP where the registry itself is not. */
function within(base: URL, location: string, from: URL, asked: Pick<Asked, 'place'>): URL {
  if (!URL.canParse(location, from.href)) throw refused(asked, `gives "${location}" as an address`);
  const url = new URL(location, from);
  if (url.protocol === 'https:' || url.protocol === base.protocol) return url;
  throw refused(asked, `sends on to ${url.origin}, which is not https`);
}

async function sent(url: URL, asked: Asked, signal: AbortSignal): Promise<Answer> {
  const { method, place, headers = {}, body, limit_bytes = MAX_TEXT_BYTES } = asked;
  try {
    const sending = { method, headers, redirect: 'manual', signal } as const;
    // Copied: a view may be of memory that others share, which a request cannot take.
    const response = await fetch(url, { ...sending, ...(body && { body: Uint8Array.from(body) }) });
    const read = await boundedBytes(response.body ?? none(), response.ok ? limit_bytes : MAX_TEXT_BYTES);
    return { status: response.status, headers: response.headers, url, body: read };
  } catch (cause) {
    if (cause instanceof RangeError) throw new RegistryError(place, cause.message, { cause });
    const why = cause instanceof Error ? (cause.cause ?? cause) : cause;
    throw new RegistryError(place, `${url.origin} does not answer (${why}); check the address and the network`, {
      cause,
    });
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}

/** What the challenge of a 401 asks for; undefined where it cannot be given. */
async function authorizationFor(
  { base, basic }: OciPlace,
  challenge: string,
  place: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (/^basic\b/i.test(challenge)) return basic ?? undefined;
  if (!/^bearer\b/i.test(challenge)) return undefined;
  const { realm, ...query } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value ?? '']),
  );
  const url = within(base, realm ?? '', base, { place });
  for (const key of ['service', 'scope']) if (query[key] !== undefined) url.searchParams.set(key, query[key]);
  const headers = basic === null ? {} : { authorization: basic };
  const answer = await sent(url, { method: 'GET', url: url.href, place, headers }, signal);
  const token = answer.status === 200 ? tokenIn(answer.body.toString('utf8')) : undefined;
  if (token !== undefined) return `Bearer ${token}`;
  throw new RegistryError(place, `${url.origin} answers ${answer.status} and gives no token; ${CHECK_RIGHTS}`);
}

function tokenIn(text: string): string | undefined {
  const { token, access_token } = objectIn(text);
  const found = token ?? access_token;
  return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
}

const CHECK_RIGHTS = `check ${ociEnv.username}, ${ociEnv.password} and what they may do`;

/** An answer that was not wanted, as an error with what the registry says and what to do. */
export function refusal(place: string, { status, body }: Pick<Answer, 'status' | 'body'>): RegistryError {
  const text = body.toString('utf8');
  const { errors } = objectIn(text);
  const codes = Array.isArray(errors) ? errors.map((error) => String(error?.code)).join(', ') : text.slice(0, 200);
  const hint = status === 401 || status === 403 ? `; ${CHECK_RIGHTS}` : '';
  return new RegistryError(place, `the registry answers ${status} ${codes}${hint}`);
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Then it says nothing that can be used.
    return {};
  }
}

function refused({ place }: Pick<Asked, 'place'>, what: string): RegistryError {
  return new RegistryError(place, `the registry ${what}; check the address, and whether this is the registry`);
}
