import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import type { ServerConfig } from './config.ts';
import type { Spans } from './spans.ts';
import { TRACE_HEADER, traceOf } from './trace.ts';

/** Probes and scrapes would be most of what is collected. */
const TIMED_PATHS = '/v1/';

/**
 * Sends spans by OTLP/HTTP (JSON) to the collector that the OTEL_* variables name, which the SDK reads itself: where to, which share, how
 * many may wait. A queue of bounded length lies between requests and the collector; what does not fit is dropped, and the log says so.
 */
export function exportSpans({ release, pod_name, pod_hash }: ServerConfig, log: Logger): Spans {
  diag.setLogger(diagnostics(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const own = {
    'service.name': 'gridramp-model-server',
    'service.instance.id': pod_name,
    'gridramp.pod_hash': pod_hash,
  };
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes(own).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('gridramp');
  const requests = new WeakMap<IncomingMessage, Span>();
  return {
    begin(raw) {
      if (!raw.url?.startsWith(TIMED_PATHS)) return undefined;
      const attributes = { 'http.request.method': raw.method, 'gridramp.release': release };
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER, attributes }, callerOf(raw));
      requests.set(raw, span);
      return span.spanContext().traceId;
    },
    of: (raw) => requests.get(raw),
    async within({ name, attributes }, [first, ...others], work) {
      const links = others.map((span) => ({ context: span.spanContext() }));
      const context = first === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, first);
      const options = { attributes: { 'gridramp.release': release, ...attributes }, links };
      const span = tracer.startSpan(name, options, context);
      try {
        return await work(span);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        throw error;
      } finally {
        span.end();
      }
    },
    async close(wait_ms) {
      const sent = provider.shutdown().catch((error: unknown) => log.warn({ err: error }, 'spans were lost'));
      await Promise.race([sent, delay(wait_ms, undefined, { ref: false })]);
    },
  };
}

function callerOf({ headers }: IncomingMessage): Context {
  const caller = traceOf(headers[TRACE_HEADER]);
  if (caller === undefined) return ROOT_CONTEXT;
  const traceFlags = caller.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...{ traceId: caller.trace_id, spanId: caller.span_id, traceFlags, isRemote: true },
  });
}

/** What the SDK has to say, such as that the collector is away. */
function diagnostics(log: Logger) {
  const say = (level: 'error' | 'warn' | 'info' | 'debug') => (message: string) =>
    log[level]({ from: 'opentelemetry' }, message);
  return { error: say('warn'), warn: say('warn'), info: say('info'), debug: say('debug'), verbose: say('debug') };
}
