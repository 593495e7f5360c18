import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

export const stubKeys = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

/** Keys of a page: few, so that listing needs several. */
const PAGE = 2;

export type StubS3 = { url: string; objects: Map<string, Buffer>; close: () => void };

/** For tests: one bucket in memory, as Amazon documents its REST API. It refuses what is not signed by `stubKeys`. */
export async function stubS3(bucket: string): Promise<StubS3> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, body } = answer(bucket, objects, request, Buffer.concat(chunks));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, objects, close: () => void server.close() };
}

type Answer = { status: number; body?: string | Buffer };

function answer(bucket: string, objects: Map<string, Buffer>, request: IncomingMessage, body: Buffer): Answer {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const { method = 'GET', headers } = request;
  const [, region = '', named = '', signature = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const signed = named.split(';').map((name) => [name, String(headers[name])] as const);
  if (!named.includes('x-amz-content-sha256')) return error(403, 'AccessDenied');
  if (signatureOf({ method, url, signed, region, secret: stubKeys.secret }) !== signature)
    return error(403, 'SignatureDoesNotMatch');
  if (hex(body) !== headers['x-amz-content-sha256']) return error(400, 'XAmzContentSHA256Mismatch');
  const [, in_bucket = '', ...rest] = url.pathname.split('/');
  if (in_bucket !== bucket) return error(404, 'NoSuchBucket');
  const key = rest.join('/');
  if (key === '') return listing([...objects.keys()].sort(), url.searchParams);
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && objects.has(key)) return error(412, 'PreconditionFailed');
    objects.set(key, body);
    return { status: 200 };
  }
  const found = objects.get(key);
  return found === undefined ? error(404, 'NoSuchKey') : { status: 200, body: found };
}

function listing(keys: string[], query: URLSearchParams): Answer {
  const wanted = keys.filter(
    (key) => key.startsWith(query.get('prefix') ?? '') && key > (query.get('start-after') ?? ''),
  );
  const page = wanted.slice(0, PAGE).map((key) => `<Contents><Key>${encodeURIComponent(key)}</Key></Contents>`);
  const more = wanted.length > PAGE;
  return {
    status: 200,
    body: `<ListBucketResult><IsTruncated>${more}</IsTruncated>${page.join('')}</ListBucketResult>`,
  };
}

function error(status: number, code: string): Answer {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code></Error>` };
}

export type SignedRequest = {
  method: string;
  url: URL;
  /** Names in lower case, sorted. */
  signed: readonly (readonly [string, string])[];
  region: string;
  secret: string;
};

/** Signature Version 4, written after Amazon's own description and apart from the client that it checks. */
export function signatureOf({ method, url, signed, region, secret }: SignedRequest): string {
  const header = (name: string) => signed.find(([key]) => key === name)?.[1] ?? '';
  const strict = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams].map(([key, value]) => `${strict(key)}=${strict(value)}`).sort();
  const canonical = [
    method,
    decodeURIComponent(url.pathname).split('/').map(strict).join('/'),
    query.join('&'),
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    signed.map(([name]) => name).join(';'),
    header('x-amz-content-sha256'),
  ].join('\n');
  const time = header('x-amz-date');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), hex(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
