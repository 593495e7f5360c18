/** A refusal of one request, answered as application/problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** Short, stable, kebab-case: what a caller may act on. */
  readonly type: string;
  /** The field of the request that is wrong, where one is: `station_ids[3]`. */
  readonly field: string | undefined;

  constructor(status: number, type: string, detail: string, field?: string) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.type = type;
    this.field = field;
  }
}
