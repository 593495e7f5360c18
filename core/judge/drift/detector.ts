/**
 * Something that watches a stream and says when it changed. Its whole state is a plain JSON value, given to the constructor and changed in
 * place: whoever keeps that value can go on after a restart as if nothing had happened. After a drift the next value starts afresh.
 */
export interface Detector {
  /** Takes the next value of the stream, which must be finite; true: the stream has changed. */
  observe(value: number): boolean;
  /** How near the last value came to a drift: 1 is the limit. */
  readonly statistic: number;
}
