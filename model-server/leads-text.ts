import { LEADS } from '../core/record.ts';

/** LEADS values from `at` on as a JSON array, every bit of them; what is no number is null. */
export function plainLeads(kw: Float64Array, at: number): string {
  let text = '';
  for (let i = at; i < at + LEADS; i++) {
    const value = kw[i] ?? Number.NaN;
    text += `${i === at ? '[' : ','}${Number.isFinite(value) ? value : 'null'}`;
  }
  return `${text}]`;
}

const SCALE = 10_000;
const PLACES = 4;
/** Above it, a value's tenths of watts are no whole number in doubles. */
const MOST_KW = 1e10;
const [ZERO, MINUS, DOT, COMMA, OPEN, CLOSE] = [0x30, 0x2d, 0x2e, 0x2c, 0x5b, 0x5d];
/** The digits of 0000 to 9999. */
const digits = Uint8Array.from({ length: SCALE * PLACES }, (_, i) => {
  const power = 10 ** (PLACES - 1 - (i % PLACES));
  return ZERO + (Math.floor(Math.floor(i / PLACES) / power) % 10);
});
const scratch = Buffer.alloc(LEADS * 32);

/** The same rounded to a tenth of a watt, in a fifth of the time: shortest doubles take longer to write than a small network to forecast them. */
export function tenthsOfWatts(kw: Float64Array, at: number): string {
  let end = 0;
  scratch[end++] = OPEN;
  for (let i = at; i < at + LEADS; i++) {
    end = write(kw[i] ?? Number.NaN, end);
    scratch[end++] = COMMA;
  }
  scratch[end - 1] = CLOSE;
  return scratch.toString('latin1', 0, end);
}

function write(value: number, at: number): number {
  if (!(Math.abs(value) < MOST_KW))
    return at + scratch.write(Number.isFinite(value) ? String(value) : 'null', at, 'latin1');
  let tenths_of_w = Math.round(value * SCALE);
  if (tenths_of_w < 0) {
    scratch[at++] = MINUS;
    tenths_of_w = -tenths_of_w;
  }
  const whole = Math.floor(tenths_of_w / SCALE);
  if (whole < SCALE) at = writeWhole(whole, at);
  else at += scratch.write(String(whole), at, 'latin1');
  scratch[at++] = DOT;
  return writeFour(tenths_of_w - whole * SCALE, at, 0);
}

/** Up to four digits without zeros before them. */
function writeWhole(whole: number, at: number): number {
  return writeFour(whole, at, whole >= 1000 ? 0 : whole >= 100 ? 1 : whole >= 10 ? 2 : 3);
}

/** The last digits of four, from the `skipped`th on. */
function writeFour(value: number, at: number, skipped: number): number {
  for (let i = skipped; i < PLACES; i++) scratch[at++] = digits[value * PLACES + i] ?? ZERO;
  return at;
}
