/**
 * `node services.ts STATIONS HOURS`: both versions' Services and the recomputer of a World on one loopback port, in a process of its own, so that
 * the scorer has a core to itself. Prints the port.
 */
import { createServer } from 'node:http';
import { hourOfIso } from '../../core/telemetry.ts';
import { World } from './world.ts';

type Asked = { issue_time: string; station_ids: string[]; items: { station_id: string; issue_time: string }[] };

const [stations = 0, hours = 0] = process.argv.slice(2).map(Number);
const world = new World(stations, hours);
const index = new Map(world.stations.map((station_id, s) => [station_id, s]));

function answer(path: string, asked: Asked): string {
  if (path.startsWith('/recompute')) return world.recomputed(asked.items);
  const side = path.startsWith('/stable') ? 'stable' : 'candidate';
  const wanted = asked.station_ids.map((station_id) => index.get(station_id) ?? 0);
  return world.answer(side, hourOfIso(asked.issue_time), wanted);
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(answer(request.url ?? '', JSON.parse(Buffer.concat(chunks).toString())));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(address.port);
});
