import { randomBytes } from 'node:crypto';

/** W3C Trace Context, version 00: the header that ties a request to those that it caused and was caused by. */
export const TRACE_HEADER = 'traceparent';

export type Trace = {
  trace_id: string;
  /** The caller's own part of it. */
  span_id: string;
  /** Whether the caller wants it recorded. */
  sampled: boolean;
};

const VALID = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;

/** The trace that a request belongs to; undefined where it says none, or none that is valid. */
export function traceOf(header: string | string[] | undefined): Trace | undefined {
  const [, trace_id, span_id, flags] = (typeof header === 'string' && VALID.exec(header)) || [];
  if (trace_id === undefined || span_id === undefined) return undefined;
  return { trace_id, span_id, sampled: (Number.parseInt(flags ?? '', 16) & SAMPLED) === SAMPLED };
}

/** Makes trace ids for requests that bring none: random to this process, then counted, which is cheaper than to draw each. */
export function traceIds(): () => string {
  const process_part = randomBytes(8).toString('hex');
  let count = 0;
  return () => process_part + (++count).toString(16).padStart(16, '0');
}

/** The header of a call that is made for a request of a trace, as a part of the request's span where it has one. */
export function traceparent(trace_id: string, sampled: boolean, span_id = randomBytes(8).toString('hex')): string {
  return `00-${trace_id}-${span_id}-${sampled ? '01' : '00'}`;
}
