/**
 * `node services.ts STATIONS HOURS columns|json`: both versions' Services and the recomputer of a World on one loopback port, in a process of its
 * own, so that the scorer has a core to itself. Prints the port. `json`: as servers that know no columns.
 */
import { createServer } from 'node:http';
import { COLUMNAR_TYPE, encodeColumns } from '../../core/columnar-answer.ts';
import { recordOf } from '../../core/forecast-columns.ts';
import { hourOfIso } from '../../core/telemetry.ts';
import { FIRST_H, World } from './world.ts';

type Asked = { issue_time: string; station_ids: string[]; items: { station_id: string; issue_time: string }[] };

const [stations, hours, form] = process.argv.slice(2);
const world = new World(Number(stations), Number(hours));
for (let h = 0; h < Number(hours); h++) world.prepare(FIRST_H + h);
const index = new Map(world.stations.map((station_id, s) => [station_id, s]));

function forecasts(path: string, { issue_time, station_ids }: Asked) {
  const side = path.startsWith('/stable') ? 'stable' : 'candidate';
  const wanted = station_ids.map((station_id) => index.get(station_id) ?? 0);
  return world.forecasts(side, hourOfIso(issue_time), wanted);
}

function answer(path: string, asked: Asked): { type: string; body: string | Buffer } {
  const type = 'application/json';
  if (path.startsWith('/recompute')) return { type, body: JSON.stringify(world.recomputed(asked.items)) };
  const columns = forecasts(path, asked);
  if (form === 'columns') return { type: COLUMNAR_TYPE, body: encodeColumns(columns, asked.station_ids) };
  const records = asked.station_ids.map((station_id, row) => recordOf(columns, row, { station_id, purpose: 'pair' }));
  return { type, body: JSON.stringify({ records }) };
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { type, body } = answer(request.url ?? '', JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(200, { 'content-type': type });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(address.port);
});
