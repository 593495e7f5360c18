import { connect, type Socket } from 'node:net';

/** How a server is asked: bodies are sent in turn, by each of the connections its own turn. */
export type Load = { url: string; path: string; bodies: readonly Buffer[]; connections: number; seconds: number };

export type Answered = { calls: number; wall_s: number; latency_ms: number[] };

/** As many calls as the server answers: each connection asks again as soon as it is answered. Any answer but 200 is an error. */
export async function flood(load: Load): Promise<Answered> {
  const connections = await open(load);
  const started_ms = performance.now();
  const until_ms = started_ms + 1000 * load.seconds;
  const latency_ms: number[] = [];
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until_ms) latency_ms.push(await connection.call());
    }),
  );
  close(connections);
  return { calls: latency_ms.length, wall_s: (performance.now() - started_ms) / 1000, latency_ms };
}

/** So many calls a second, evenly spread. Latency is counted from when a call was due, so that one that had to wait for a free connection shows it. */
export async function pace(load: Load, per_s: number): Promise<Answered> {
  const connections = await open(load);
  const started_ms = performance.now();
  const calls = Math.floor(load.seconds * per_s);
  const latency_ms: number[] = [];
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (next < calls) {
        const due_ms = started_ms + (1000 * next++) / per_s;
        while (performance.now() < due_ms) await new Promise(setImmediate);
        await connection.call();
        latency_ms.push(performance.now() - due_ms);
      }
    }),
  );
  close(connections);
  return { calls: latency_ms.length, wall_s: (performance.now() - started_ms) / 1000, latency_ms };
}

/** One call, and what was answered. */
export async function ask({ url, path }: Pick<Load, 'url' | 'path'>, body: Buffer): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: new Uint8Array(body) });
  if (answer.status !== 200) throw new Error(`${url}${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

class Connection {
  readonly #socket: Socket;
  readonly #requests: readonly Buffer[];
  #turn: number;
  #left_bytes = 0;
  #head = '';
  #done: { resolve: (latency_ms: number) => void; reject: (error: Error) => void } | undefined;
  #asked_ms = 0;

  constructor(socket: Socket, requests: readonly Buffer[], turn: number) {
    this.#socket = socket;
    this.#requests = requests;
    this.#turn = turn;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#done?.reject(error));
    socket.on('close', () => this.#done?.reject(new Error('the server closed a connection')));
  }

  /** Time to the last byte of the answer. */
  call(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#asked_ms = performance.now();
      this.#socket.write(this.#requests[this.#turn++ % this.#requests.length] ?? '');
    });
  }

  close(): void {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let body_bytes = chunk.length;
    if (this.#left_bytes === 0) {
      this.#head += chunk.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!this.#head.startsWith('HTTP/1.1 200 ')) {
        this.#done?.reject(new Error(this.#head.slice(0, 500)));
        return;
      }
      this.#left_bytes = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1]);
      body_bytes = this.#head.length - end - 4;
      this.#head = '';
    }
    this.#left_bytes -= body_bytes;
    if (this.#left_bytes === 0) this.#done?.resolve(performance.now() - this.#asked_ms);
  }
}

function open({ url, path, bodies, connections }: Load): Promise<Connection[]> {
  const { hostname, port } = new URL(url);
  const requests = bodies.map((body) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  return Promise.all(
    Array.from(
      { length: connections },
      (_, i) =>
        new Promise<Connection>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () => resolve(new Connection(socket, requests, i)));
          socket.once('error', reject);
        }),
    ),
  );
}

function close(connections: readonly Connection[]): void {
  for (const connection of connections) connection.close();
}
