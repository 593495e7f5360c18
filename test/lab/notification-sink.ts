import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type Notified = { event: string; service: string; namespace: string; release: string; text: string };

/** A receiver of a plan's webhooks, on loopback. */
export type NotificationSink = {
  url: string;
  /** In the order in which they came. */
  notified: Notified[];
  /** From now on it takes what it is sent and never answers. */
  isDeaf: boolean;
  close: () => void;
};

/** More than any test of a lab is told. */
const MOST = 1000;

export async function startSink(): Promise<NotificationSink> {
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Notified;
    if (sink.notified.length < MOST) sink.notified.push(body);
    if (!sink.isDeaf) response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const sink: NotificationSink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    notified: [],
    isDeaf: false,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return sink;
}
