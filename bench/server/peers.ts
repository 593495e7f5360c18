/** `node peers.ts fastify|bare`: a server written by hand for the same network, `{"inputs": [[168]]}` → `{"outputs": [[24]]}`. Prints its address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { forward, SHAPE, weightsOf } from './network.ts';

type Body = { inputs: number[][] };

const weights = weightsOf(1);

function answer({ inputs }: Body): { outputs: number[][] } {
  return { outputs: inputs.map((input) => Array.from(forward(weights, input))) };
}

async function withFastify(): Promise<string> {
  const numbers = (length: number) => ({
    type: 'array',
    items: { type: 'array', minItems: length, maxItems: length, items: { type: 'number' } },
  });
  const app = fastify({ bodyLimit: 16 * 2 ** 20 });
  const schema = {
    body: { type: 'object', required: ['inputs'], properties: { inputs: numbers(SHAPE.input) } },
    response: { 200: { type: 'object', properties: { outputs: numbers(SHAPE.output) } } },
  };
  app.post<{ Body: Body }>('/predict', { schema }, async ({ body }) => answer(body));
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function bare(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.stringify(answer(JSON.parse(Buffer.concat(chunks).toString())));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

console.log(process.argv[2] === 'fastify' ? await withFastify() : await bare());
