import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import { DatabaseError } from './database.ts';

/** An answer that is not success, as problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  /** Members beside the standard ones. */
  readonly more: Record<string, unknown>;

  constructor(status: number, title: string, detail: string, more: Record<string, unknown> = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.more = more;
  }

  body(): Record<string, unknown> {
    return { type: 'about:blank', title: this.title, status: this.status, detail: this.message, ...this.more };
  }
}

/** Answers any error as problem+json; what is not the caller's fault is logged and not told. */
export function answerError(error: unknown, reply: FastifyReply, logger: FastifyBaseLogger): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500) logger.error(error);
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem.body()));
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseError)
    return new Problem(503, 'database', 'the database failed; send this again, and see the log for why');
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (!(error instanceof Error) || !(status >= 400 && status < 500))
    return new Problem(500, 'internal-error', 'the scorer failed to answer; its log says why');
  return new Problem(status, status === 413 ? 'too-large' : 'invalid-input', error.message);
}
