import type { Socket } from 'node:net';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, fastify, LogController } from 'fastify';
import { Problem } from './problem.ts';
import { problemOf } from './refusal.ts';
import type { Spans } from './spans.ts';
import { TRACE_HEADER, traceIds, traceOf } from './trace.ts';

export type AppOptions = { logger: FastifyBaseLogger; body_limit_bytes: number; spans?: Spans | undefined };

/** A request must have come in whole by then, its head sooner; a client that neither sends nor reads is cut off. */
const [HEAD_MS, REQUEST_MS, IDLE_MS] = [5_000, 10_000, 30_000];
/** OpenTelemetry's SpanStatusCode.ERROR; the library itself is loaded only where spans are exported. */
const FAILED = 2;
/** Node looks for requests that are late at this interval. */
const LATE_CHECK_MS = 1_000;
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 4_096;

/** An HTTP server whose every refusal is problem+json, and which finishes what it has begun when it is closed. */
export function createApp({ logger, body_limit_bytes, spans }: AppOptions) {
  const next = traceIds();
  const app: FastifyInstance = fastify({
    bodyLimit: body_limit_bytes,
    loggerInstance: logger,
    // Whatever is logged of a request names its trace.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'trace_id' }),
    genReqId: (raw) => spans?.begin(raw) ?? traceOf(raw.headers[TRACE_HEADER])?.trace_id ?? next(),
    forceCloseConnections: 'idle',
    // While it drains, requests on connections that are still open are answered like any other.
    return503OnClosing: false,
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    http: { headersTimeout: HEAD_MS, connectionsCheckingInterval: LATE_CHECK_MS, maxHeaderSize: MAX_HEAD_BYTES },
    // A path that is no path.
    frameworkErrors: (error, _request, reply) => refuse(reply, error),
    clientErrorHandler: (error, socket) => refuseUnread(error, socket),
    // What is wrong in a body is said, with its value, never mended. The schema of schemas is not compiled: ours do not change while we run.
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, verbose: true, meta: false, validateSchema: false },
    },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  if (spans !== undefined) endSpans(app, spans);
  app.addHook('onResponse', (request, reply, done) => {
    // Of each of the many requests a line would cost more than the answer: only a trace that is recorded has one.
    if (traceOf(request.headers[TRACE_HEADER])?.sampled) {
      const { method, url } = request;
      request.log.info({ method, url, status: reply.statusCode, latency_ms: reply.elapsedTime }, 'answered');
    }
    done();
  });
  app.setErrorHandler<Error>((error, _request, reply) => refuse(reply, error));
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, new Problem(404, 'not-found', `there is no ${request.method} ${request.url}`)),
  );
  return app;
}

/** The span of a request ends with its connection's part in it, whether or not it was answered. */
function endSpans(app: FastifyInstance, spans: Spans): void {
  app.addHook('onRequest', (request, { raw }, next) => {
    const span = spans.of(request.raw);
    if (span?.isRecording())
      raw.once('close', () => {
        span.setAttributes({ 'http.route': request.routeOptions.url, 'http.response.status_code': raw.statusCode });
        if (raw.statusCode >= 500 || !raw.writableFinished) span.setStatus({ code: FAILED });
        span.end();
      });
    next();
  });
}

function refuse(reply: FastifyReply, error: Error) {
  const problem = problemOf(error);
  if (problem.status >= 500 && problem.type === 'internal') reply.log.error({ err: error }, 'a request failed');
  // Whoever comes again in a second finds the model loaded, the log caught up, or room.
  if (problem.status === 429 || problem.status === 503) reply.header('retry-after', '1');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...bodyOf(problem), trace_id: reply.request.id }));
}

function bodyOf({ type, status, message, field }: Problem) {
  return { type: `urn:gridramp:${type}`, title: type, status, detail: message, ...(field !== undefined && { field }) };
}

/** What never became a request: no HTTP, too large a head, or too slow. */
function refuseUnread({ code }: NodeJS.ErrnoException, socket: Socket): void {
  // Nobody is there to be told, or an answer has already begun.
  if (code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) return void socket.destroy();
  const [reason, problem] = unread(code);
  const body = JSON.stringify(bodyOf(problem));
  const head = `HTTP/1.1 ${problem.status} ${reason}\r\nconnection: close\r\ncontent-type: application/problem+json`;
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function unread(code: string | undefined): [reason: string, problem: Problem] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['Request Timeout', new Problem(408, 'too-slow', `send a request within ${REQUEST_MS / 1000} s`)];
    case 'HPE_HEADER_OVERFLOW':
      return [
        'Request Header Fields Too Large',
        new Problem(431, 'head-too-large', `send at most ${MAX_HEAD_BYTES} bytes of headers`),
      ];
    default:
      return ['Bad Request', new Problem(400, 'no-http', 'send HTTP/1.1')];
  }
}
