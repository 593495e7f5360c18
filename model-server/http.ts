import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  fastify,
  LogController,
} from 'fastify';
import { Problem } from './problem.ts';

export type AppOptions = { logger: FastifyBaseLogger; body_limit_bytes: number };

/** An HTTP server whose every refusal is problem+json, and which finishes what it has begun when it is closed. */
export function createApp({ logger, body_limit_bytes }: AppOptions) {
  const app: FastifyInstance = fastify({
    bodyLimit: body_limit_bytes,
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    // While it drains, requests on connections that are still open are answered like any other.
    return503OnClosing: false,
    requestTimeout: 10_000,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler<FastifyError | Problem>((error, _request, reply) => refuse(reply, error));
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, new Problem(404, 'not-found', `there is no ${request.method} ${request.url}`)),
  );
  return app;
}

function refuse(reply: FastifyReply, error: FastifyError | Problem) {
  const problem = error instanceof Problem ? error : fromFastify(error);
  if (problem.status >= 500 && problem.type === 'internal') reply.log.error({ err: error }, 'a request failed');
  const body = {
    type: `urn:gridramp:${problem.type}`,
    title: problem.type,
    status: problem.status,
    detail: problem.message,
  };
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(body));
}

function fromFastify(error: FastifyError): Problem {
  const status = error.statusCode ?? 500;
  if (status >= 500) return new Problem(status, 'internal', 'the server failed; its log says why');
  return new Problem(
    status,
    error.validation ? 'invalid-request' : (error.code ?? 'invalid-request').toLowerCase(),
    error.message,
  );
}
