import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Crane = { url: string; stop: () => Promise<void> };

/** For tests: the registry of `crane registry serve`, which keeps its blobs in a folder and asks nobody who they are. */
export async function startCrane(folder: string): Promise<Crane> {
  await mkdir(folder, { recursive: true });
  const program = join(process.env.GRIDRAMP_BIN ?? '', 'crane');
  const args = ['registry', 'serve', '--address', '127.0.0.1:0', '--disk', folder];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await once(child, 'spawn');
  const lines = createInterface(child.stderr);
  const port = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const found = /serving on port (\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`crane ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

export const USER = { name: 'grid', password: 'of copper' };

type Rules = {
  /** Digest of the blob in which a bit is turned. */
  damaged?: string;
  auth?: 'basic' | 'bearer';
  /** Blobs are at another origin. */
  elsewhere?: boolean;
  circles?: boolean;
  endless?: boolean;
  /** So many requests more are too many. */
  busy?: number;
};
export type Front = {
  url: string;
  rules: Rules;
  /** What the other origin was told as authorization. */
  told_elsewhere: (string | undefined)[];
  renewToken: () => void;
  close: () => void;
};

/** Stands before a registry, and does to its answers what the rules say. */
export async function startFront(registry: string): Promise<Front> {
  const state = { rules: {} as Rules, token: 1, told_elsewhere: [] as (string | undefined)[] };
  const other = createServer(async (request, response) => {
    state.told_elsewhere.push(request.headers.authorization);
    await pass(registry, request, response, {});
  });
  const elsewhere = await listening(other);
  const server = createServer(async (request, response) => {
    const { rules, token } = state;
    const { url = '/', headers } = request;
    const basic = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`;
    const end = (status: number, told: Record<string, string> = {}) => response.writeHead(status, told).end();
    if (rules.busy) {
      rules.busy--;
      return end(429);
    }
    if (url.startsWith('/token?')) {
      const is_right = headers.authorization === basic && url === '/token?service=grid&scope=all';
      return is_right ? response.end(JSON.stringify({ token: String(token) })) : end(401);
    }
    const wanted = rules.auth === 'basic' ? basic : `Bearer ${token}`;
    const challenge = `Bearer realm="http://${headers.host}/token",service="grid",scope="all"`;
    if (rules.auth && headers.authorization !== wanted)
      return end(401, { 'www-authenticate': rules.auth === 'basic' ? 'Basic realm="grid"' : challenge });
    const is_blob = request.method === 'GET' && url.includes('/blobs/');
    if (is_blob && rules.circles) return end(307, { location: url });
    if (is_blob && rules.elsewhere) return end(307, { location: `${elsewhere}${url}` });
    if (is_blob && rules.endless) return endless(response);
    await pass(registry, request, response, rules);
  });
  const url = await listening(server);
  return Object.assign(state, {
    url,
    renewToken: () => void state.token++,
    close: () => [server, other].forEach((each) => void each.close()),
  });
}

async function pass(registry: string, request: IncomingMessage, response: ServerResponse, { damaged }: Rules) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = 'GET', url = '/', headers } = request;
  const kept = Object.entries({ accept: headers.accept, 'content-type': headers['content-type'] });
  const answer = await fetch(registry + url, {
    method,
    headers: kept.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
    ...(method !== 'GET' && method !== 'HEAD' && { body: Buffer.concat(chunks) }),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  if (damaged !== undefined && method === 'GET' && url.endsWith(`/blobs/${damaged}`)) body[2] = (body[2] ?? 0) ^ 1;
  const told = ['content-type', 'location', 'link'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(answer.status, Object.fromEntries(told)).end(body);
}

function endless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
  };
  response.on('drain', more);
  more();
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`;
}
