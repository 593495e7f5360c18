import { Problem } from './problem.ts';

/** Rows of numbers read from JSON: `count` rows of `columns` doubles, shorter ones filled with NaN from the left. */
export type NumberRows = { values: Float64Array; count: number; end: number };

type Limits = { name: string; max_rows: number; columns: number; most: number };

const [MINUS, DOT, ZERO, NINE, OPEN, CLOSE, COMMA, LETTER_N] = [0x2d, 0x2e, 0x30, 0x39, 0x5b, 0x5d, 0x2c, 0x6e];
const [SMALL_E, LARGE_E, SPACE] = [0x65, 0x45, 0x20];
/** Whole numbers of so many digits and powers of ten up to 10^22 are exact in doubles, so that one division rounds correctly. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Longer spellings of a number are refused: a double has 24 characters. */
const MAX_NUMBER_BYTES = 64;

/**
 * Reads `[[number | null, …], …]` at `at` of a request's bytes into doubles, NaN for null. JSON.parse takes four times as long for it, which is
 * more than the forecasts of such a request cost. Throws a Problem that names the row, the place in it, what stands there and what should.
 */
export function readRows(bytes: Buffer, at: number, limits: Limits): NumberRows {
  return new Reader(bytes, at, limits).rows();
}

class Reader {
  readonly #bytes: Buffer;
  readonly #limits: Limits;
  #at: number;
  #row = 0;
  #column = 0;

  constructor(bytes: Buffer, at: number, limits: Limits) {
    this.#bytes = bytes;
    this.#at = at;
    this.#limits = limits;
  }

  rows(): NumberRows {
    const { max_rows, columns } = this.#limits;
    this.#expect(OPEN, 'an array of arrays of numbers');
    for (;;) {
      this.#column = 0;
      if (this.#row === max_rows) this.#fail(`more than ${max_rows} rows`, `send at most ${max_rows}`);
      const from = this.#row * columns;
      const values = roomFor(from + columns);
      const length = this.#numbers(values, from);
      values.copyWithin(from + columns - length, from, from + length);
      values.fill(Number.NaN, from, from + columns - length);
      this.#row++;
      if (this.#ended('] or , after the row')) break;
    }
    return { values: scratch.slice(0, this.#row * columns), count: this.#row, end: this.#at };
  }

  /** One row into `values` from `from` on; how many. */
  #numbers(values: Float64Array, from: number): number {
    const { columns } = this.#limits;
    this.#expect(OPEN, 'an array of numbers');
    do {
      this.#plain(values, from);
      if (this.#column === columns) this.#fail(`more than ${columns} numbers`, `send the last ${columns}`);
      this.#space();
      values[from + this.#column] = this.#value();
      this.#column++;
    } while (!this.#ended('] or , after the number'));
    return this.#column;
  }

  /**
   * Numbers as most are written, up to the first that is not: with a comma behind them, at most one space before, no exponent and so few digits
   * that they are exact. Half as long for each as `#value`.
   */
  #plain(values: Float64Array, from: number): void {
    const [bytes, { columns, most }] = [this.#bytes, this.#limits];
    for (; this.#column < columns; this.#column++) {
      let at = this.#at;
      let byte = bytes[at] ?? 0;
      if (byte === SPACE) byte = bytes[++at] ?? 0;
      const start = at;
      const negative = byte === MINUS;
      if (negative) byte = bytes[++at] ?? 0;
      let digits = byte - ZERO;
      if (digits < 0 || digits > 9) return;
      byte = bytes[++at] ?? 0;
      // No digit follows a zero.
      if (digits > 0)
        for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = digits * 10 + (byte - ZERO);
      let decimals = 0;
      if (byte === DOT) {
        const decimals_from = at + 1;
        byte = bytes[++at] ?? 0;
        for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = digits * 10 + (byte - ZERO);
        decimals = at - decimals_from;
        if (decimals === 0) return;
      }
      if (byte !== COMMA || at - start > EXACT_DIGITS) return;
      const size = digits / (POWERS[decimals] ?? 1);
      if (size > most) return;
      values[from + this.#column] = negative ? -size : size;
      this.#at = at + 1;
    }
  }

  #value(): number {
    const value = this.#bytes[this.#at] === LETTER_N ? this.#null() : this.#number();
    if (Math.abs(value) > this.#limits.most)
      this.#fail(`${value} is larger than ${this.#limits.most}`, 'send kW, and null for what is missing');
    return value;
  }

  #null(): number {
    if (this.#bytes.toString('latin1', this.#at, this.#at + 4) !== 'null') return this.#noNumber();
    this.#at += 4;
    return Number.NaN;
  }

  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let byte = bytes[at] ?? 0;
    const negative = byte === MINUS;
    if (negative) byte = bytes[++at] ?? 0;
    const first = byte;
    const whole_from = at;
    let digits = 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = digits * 10 + (byte - ZERO);
    const whole = at - whole_from;
    let decimals = 0;
    if (byte === DOT) {
      const decimals_from = at + 1;
      byte = bytes[++at] ?? 0;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = digits * 10 + (byte - ZERO);
      decimals = at - decimals_from;
      if (decimals === 0) return this.#noNumber();
    }
    if (whole === 0 || (whole > 1 && first === ZERO)) return this.#noNumber();
    if (byte === SMALL_E || byte === LARGE_E) return this.#byRuntime();
    if (at - start > MAX_NUMBER_BYTES) return this.#noNumber();
    this.#at = at;
    if (whole + decimals > EXACT_DIGITS) return Number(bytes.toString('latin1', start, at));
    const size = decimals === 0 ? digits : digits / (POWERS[decimals] ?? 1);
    return negative ? -size : size;
  }

  /** With an exponent: rare enough to be left to the runtime. */
  #byRuntime(): number {
    const text = this.#bytes.toString('latin1', this.#at, this.#at + MAX_NUMBER_BYTES);
    NUMBER.lastIndex = 0;
    const [number] = NUMBER.exec(text) ?? [];
    if (number === undefined) return this.#noNumber();
    this.#at += number.length;
    return Number(number);
  }

  /** Whether the array ends here; false: another element follows. */
  #ended(expected: string): boolean {
    this.#space();
    const byte = this.#bytes[this.#at];
    if (byte !== COMMA && byte !== CLOSE) this.#unexpected(expected);
    this.#at++;
    return byte === CLOSE;
  }

  #expect(byte: number, expected: string): void {
    this.#space();
    if (this.#bytes[this.#at] !== byte) this.#unexpected(expected);
    this.#at++;
  }

  #space(): void {
    for (let byte = this.#bytes[this.#at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; )
      byte = this.#bytes[++this.#at];
  }

  #noNumber(): never {
    return this.#unexpected('a JSON number or null');
  }

  #unexpected(expected: string): never {
    const found = this.#bytes.toString('utf8', this.#at, this.#at + 12);
    return this.#fail(`${found === '' ? 'the end of the body' : JSON.stringify(found)}`, `send ${expected}`);
  }

  #fail(what: string, fix: string): never {
    const place = `${this.#limits.name}[${this.#row}][${this.#column}]`;
    throw new Problem(400, 'invalid-request', `${place}: ${what}; ${fix}`, place);
  }
}

/** Rows are read into it and then copied: how many there are is known only at their end. It keeps its size from one request to the next. */
let scratch = new Float64Array(0);

/** `scratch`, with room for so many numbers. */
function roomFor(numbers: number): Float64Array {
  if (numbers > scratch.length) {
    const larger = new Float64Array(2 * numbers);
    larger.set(scratch);
    scratch = larger;
  }
  return scratch;
}
