/** What pods of the lab tests run: says who answered, remembers who asked, and misbehaves on request. */
import { createServer } from 'node:http';

const { HOST = '', PORT = '8780', SIDE = '', POD_NAME = '', LINGER = '' } = process.env;
let isReady = true;
let seen: { path: string; host: string; station: string }[] = [];

// A pod that is asked to end and does not.
if (LINGER !== '') process.on('SIGTERM', () => undefined);

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://pod');
  const json = (body: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (pathname === '/readyz') return json({}, isReady ? 200 : 503);
  if (pathname === '/crash') process.exit(7);
  if (pathname === '/seen') return json(seen);
  if (pathname === '/self') return json({ env: process.env, args: process.argv.slice(2), cwd: process.cwd() });
  if (pathname === '/unready' || pathname === '/ready') {
    isReady = pathname === '/ready';
    return json({});
  }
  if (pathname === '/forget') {
    seen = [];
    return json({});
  }
  seen.push({
    path: pathname,
    host: request.headers.host ?? '',
    station: String(request.headers['x-station-id'] ?? ''),
  });
  return json({ side: SIDE, pod: POD_NAME, pid: process.pid });
}).listen(Number(PORT), HOST);
