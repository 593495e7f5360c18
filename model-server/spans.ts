import type { IncomingMessage } from 'node:http';
import type { Attributes, Span } from '@opentelemetry/api';

/** What requests are timed with, where somebody collects traces. */
export type Spans = {
  /** Begins the span of a request, as part of the trace that its caller names; its trace's id, or undefined where the request is none to be timed. */
  begin: (raw: IncomingMessage) => string | undefined;
  /** The span of a request, recorded or not. */
  of: (raw: IncomingMessage) => Span | undefined;
  /** Times `work` as a part of those parents that are recorded: a child of the first, linked to the others. */
  within: <T>(part: Part, parents: readonly Span[], work: (span: Span) => Promise<T>) => Promise<T>;
  /** Hands over what is left, for at most `wait_ms`. */
  close: (wait_ms: number) => Promise<void>;
};

export type Part = { name: 'batch' | 'predict'; attributes: Attributes };

/** Times `work` where anybody wants to know. */
export function timed<T>(
  spans: Spans | undefined,
  parents: readonly (Span | undefined)[],
  part: Part,
  work: (span?: Span) => Promise<T>,
): Promise<T> {
  if (spans === undefined) return work();
  const recorded = parents.filter((parent) => parent !== undefined).filter((parent) => parent.isRecording());
  return recorded.length === 0 ? work() : spans.within(part, recorded, work);
}
