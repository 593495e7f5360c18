import type { FastifyInstance } from 'fastify';
import { type Dispatcher, request } from 'undici';
import { boundedBytes } from '../core/bounded-body.ts';
import { Problem } from './problem.ts';
import type { Spans } from './spans.ts';
import { TRACE_HEADER, traceOf, traceparent } from './trace.ts';

/** As much as the scorer takes. */
const BODY_LIMIT_BYTES = 32 * 2 ** 20;
const ANSWER_LIMIT_BYTES = 64 * 1024;
const TIMEOUT_MS = 20_000;
/** Bodies that may be on their way at once. */
const MAX_UNDER_WAY = 2;

export type ObservationsOptions = {
  /** null: the server stands alone. */
  scorer_url: string | null;
  dispatcher: Dispatcher;
  spans: Spans | undefined;
};

/** POST /v1/observations: hands readings on to the scorer's log as they came, and its answer back. docs/decisions/observations-in.md says why. */
export function observationsRoute(app: FastifyInstance, { scorer_url, dispatcher, spans }: ObservationsOptions): void {
  let under_way = 0;
  app.register((route, _options, done) => {
    route.removeContentTypeParser('application/json');
    route.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_request: unknown, bytes: Buffer) => bytes,
    );
    route.post<{ Body: Buffer }>('/v1/observations', {
      bodyLimit: BODY_LIMIT_BYTES,
      onRequest: (_request, reply, next) => {
        if (scorer_url === null)
          return next(new Problem(409, 'no-log', 'this server stands alone: send histories with what you ask instead'));
        if (under_way >= MAX_UNDER_WAY)
          return next(new Problem(429, 'overloaded', `${under_way} bodies are on their way already; come again`));
        under_way++;
        reply.raw.once('close', () => under_way--);
        next();
      },
      handler: async ({ body, log, headers, id, raw }, reply) => {
        const url = new URL('/v1/observations', scorer_url ?? '');
        const span = spans?.of(raw);
        const sampled = span?.isRecording() ?? traceOf(headers[TRACE_HEADER])?.sampled ?? false;
        const trace = traceparent(id, sampled, span?.spanContext().spanId);
        const answer = await post(url, { body, trace, dispatcher }).catch((error) => {
          log.warn({ err: error }, 'readings could not be handed to the scorer');
          throw new Problem(503, 'log-away', 'the observation log cannot be reached; send this again');
        });
        // Its own failure is not this server's; where it says 503 it says why.
        if (answer.status >= 500 && answer.status !== 503)
          throw new Problem(503, 'log-away', `the observation log failed with ${answer.status}; send this again`);
        return reply.code(answer.status).type(answer.type).send(answer.bytes);
      },
    });
    done();
  });
}

type Post = { body: Buffer; trace: string; dispatcher: Dispatcher };

async function post(url: URL, { body, trace, dispatcher }: Post) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [TRACE_HEADER]: trace },
    body,
    dispatcher,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const bytes = await boundedBytes(answer.body, ANSWER_LIMIT_BYTES);
  return { status: answer.statusCode, type: String(answer.headers['content-type'] ?? 'application/json'), bytes };
}
