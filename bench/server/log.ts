import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomOf } from '../../core/random.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import { ISSUE_H, stationIds } from './bodies.ts';

/** Hours of readings in the log; what is before them is missing. */
export const HOURS = 24;

/** The scorer as far as a model server sees it: a log of some hours of so many stations, and somebody who takes records. */
export async function logServer(stations: number): Promise<{ url: string; close: () => void }> {
  const station_ids = stationIds(0, stations);
  const random = randomOf(3);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://log');
    request.resume();
    const send = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.method === 'POST') return send({});
    const seq = Number(url.searchParams.get('after') ?? 0) + 1;
    if (seq > HOURS) {
      // Nothing more comes: whoever waits is kept waiting.
      const timer = setTimeout(() => send({ entries: [], caught_up: true }), Number(url.searchParams.get('wait_ms')));
      response.once('close', () => clearTimeout(timer));
      return;
    }
    const time = isoOfHour(ISSUE_H - HOURS + seq);
    const observations = station_ids.map((station_id) => ({
      station_id,
      target_time: time,
      value_kw: Math.round(500_000 * random()) / 1000,
    }));
    send({ entries: [{ seq, available_at: time, observations }], caught_up: seq === HOURS });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
