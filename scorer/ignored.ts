/** What is not counted, and why: its time is not kept, its station has no readings, its day names too many releases, its day has too many. */
export const ignoredReasons = {
  forecast: ['time', 'station', 'release'],
  event: ['time', 'release', 'number'],
} as const;

export type IgnoredKind = keyof typeof ignoredReasons;
export type IgnoredReason<K extends IgnoredKind> = (typeof ignoredReasons)[K][number];

/** Counts of what was sent and is not counted, since this process began. */
export class Ignored {
  readonly #counts = new Map<string, number>();

  add<K extends IgnoredKind>(kind: K, reason: IgnoredReason<K>, count: number): void {
    this.#counts.set(`${kind} ${reason}`, this.of(kind, reason) + count);
  }

  of(kind: IgnoredKind, reason: string): number {
    return this.#counts.get(`${kind} ${reason}`) ?? 0;
  }
}
