import { isUtf8 } from 'node:buffer';

const LINE_END = 0x0a;

/** A line that is no UTF-8, as Latin-1 and Excel's "Unicode text" have them: its station ids would be read as others. */
export class NotUtf8 extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is not UTF-8`);
    this.line = line;
  }
}

/** Looks at a file chunk by chunk, by whole lines: a character may lie across two chunks. */
export class Utf8Lines {
  #line = 1;
  #rest: Uint8Array = new Uint8Array(0);

  /** Throws NotUtf8 at the first line that ends in this chunk and is none. */
  take(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const end = bytes.lastIndexOf(LINE_END) + 1;
    this.#check(bytes.subarray(0, end));
    this.#rest = bytes.subarray(end);
  }

  /** The line without an end. */
  end(): void {
    this.#check(this.#rest);
  }

  #check(bytes: Uint8Array): void {
    const whole = isUtf8(bytes);
    for (let from = 0; from < bytes.length; this.#line++) {
      const end = bytes.indexOf(LINE_END, from);
      const to = end === -1 ? bytes.length : end + 1;
      if (!whole && !isUtf8(bytes.subarray(from, to))) throw new NotUtf8(this.#line);
      from = to;
    }
  }
}
