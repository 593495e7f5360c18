/** Entries kept as text, and characters in all of them: an hour of 100,000 stations has 8 million. */
const [MAX_ENTRIES, MAX_CHARS] = [64, 32 * 2 ** 20];

/** The newest entries of the log as followers are sent them: many ask for the same one at once. */
export class RecentEntries {
  readonly #texts = new Map<number, string>();
  #chars = 0;

  get(seq: number): string | undefined {
    return this.#texts.get(seq);
  }

  /** In the order of the log. */
  add(seq: number, text: string): void {
    this.#texts.set(seq, text);
    this.#chars += text.length;
    for (const [oldest, { length }] of this.#texts) {
      if (oldest === seq || (this.#texts.size <= MAX_ENTRIES && this.#chars <= MAX_CHARS)) return;
      this.#texts.delete(oldest);
      this.#chars -= length;
    }
  }
}
