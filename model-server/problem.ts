/** A refusal of one request, answered as application/problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** Short, stable, kebab-case: what a caller may act on. */
  readonly type: string;

  constructor(status: number, type: string, detail: string) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.type = type;
  }
}
