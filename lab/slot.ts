import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { codeOf } from '../core/error-code.ts';

const FIRST_SLOT = 100;
const LAST_SLOT = 199;
/** An address of no slot: who is met here listens on every address. */
const OUTSIDE_SLOTS = '127.99.0.1';
/** Whoever listens here owns the slot; a kept lab's reaper inherits the socket. */
const CLAIM_PORT = 1700;

/** A lab's share of the loopback network: all its programs listen on 127.SLOT.x.y, so that labs never clash. */
export type Slot = {
  slot: number;
  host: string;
  /** The socket that holds the claim. */
  claim: Server;
  release(): Promise<void>;
};

/** The first slot whose claim and `ports` are free. */
export async function claimSlot(ports: readonly number[] = []): Promise<Slot> {
  for (let slot = FIRST_SLOT; slot <= LAST_SLOT; slot++) {
    const host = `127.${slot}.0.1`;
    const claim = await listen(host, CLAIM_PORT);
    if (claim === undefined) continue;
    const taken = (await firstTaken(host, ports)) ?? (await firstTaken('127.0.0.1', Object.values(argoPorts(slot))));
    if (taken === undefined) return { slot, host, claim, release: () => close(claim) };
    await close(claim);
  }
  const everywhere = await firstTaken(OUTSIDE_SLOTS, [CLAIM_PORT, ...ports]);
  if (everywhere !== undefined)
    throw new Error(
      `a lab needs port ${everywhere} on an address of its own, but a program listens on that port on every address (0.0.0.0:${everywhere} or [::]:${everywhere}): stop it, or make it listen on 127.0.0.1 only`,
    );
  throw new Error(`every slot from ${FIRST_SLOT} to ${LAST_SLOT} is taken: stop a lab first`);
}

/** Argo's controller listens on 127.0.0.1 whatever the slot, so there the slot is in the port, below the ephemeral ones. */
export function argoPorts(slot: number): { metrics: number; healthz: number } {
  return { metrics: 17_000 + slot, healthz: 17_200 + slot };
}

async function firstTaken(host: string, ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) {
    const server = await listen(host, port);
    if (server === undefined) return port;
    await close(server);
  }
  return undefined;
}

async function listen(host: string, port: number): Promise<Server | undefined> {
  const server = createServer((connection) => connection.destroy());
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
