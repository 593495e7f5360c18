const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Cuts a stream of bytes into lines, of at most `limit` bytes each; the limit may move while it runs. */
export class Lines {
  limit: number;
  #begun: Buffer = Buffer.alloc(0);
  readonly #onLine: (bytes: Buffer, start: number, end: number) => void;

  constructor(limit: number, onLine: (bytes: Buffer, start: number, end: number) => void) {
    this.limit = limit;
    this.#onLine = onLine;
  }

  /** False when a line is longer than the limit: nothing more can be read. */
  feed(chunk: Buffer): boolean {
    const bytes = this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]);
    let start = 0;
    let end = bytes.indexOf(NEW_LINE, this.#begun.length);
    while (end !== -1) {
      if (end - start > this.limit) return false;
      this.#line(bytes, start, end);
      start = end + 1;
      end = bytes.indexOf(NEW_LINE, start);
    }
    this.#begun = bytes.subarray(start);
    return this.#begun.length <= this.limit;
  }

  /** A last line need not end with a line break. */
  end(): void {
    if (this.#begun.length > 0) this.#line(this.#begun, 0, this.#begun.length);
  }

  #line(bytes: Buffer, start: number, end: number): void {
    this.#onLine(bytes, start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
  }
}
