/**
 * Assembles WebAssembly for dense layers of fixed shape. Opcodes and encoding: WebAssembly Core Specification 2.0, chapter 5 and its appendix
 * of instructions. The module is made here instead of kept as a binary, so that what runs can be read.
 */

/** Addresses are in bytes. `bias`: where the sums begin; 'output' adds to what is there. Columns are a multiple of 8. */
export type Layer = { rows: number; columns: number; weights: number; bias: number | 'output'; relu: boolean };

const I32 = 0x7f;
const V128 = 0x7b;
const END = 0x0b;
const PAGE_BYTES = 65_536;
/** Sums of four columns each that are held in registers at once: 16 of them are all that a processor has, and weights need some. */
const MOST_SUMS = 8;

/** Parameters of every layer's function, and its locals. */
const INPUT = 0;
const OUTPUT = 1;
const AT = 2;
const WEIGHT = 3;
const INPUT_END = 4;
const VALUE = 5;
const SUM = 6;

/** Bytes of a module that exports `memory` and, for each layer n, a function `layer<n>(input, output)` which takes one row at one address to another. */
export function simdModule(layers: readonly Layer[], memory_bytes: number): Uint8Array<ArrayBuffer> {
  const signature = [0x60, ...vector([[I32], [I32]]), 0];
  const exported = layers.map((_layer, n) => [...name(`layer${n}`), 0, ...unsigned(n)]);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([signature])),
    ...section(3, vector(layers.map(() => [0]))),
    ...section(5, vector([[0, ...unsigned(Math.ceil(memory_bytes / PAGE_BYTES))]])),
    ...section(7, vector([[...name('memory'), 2, 0], ...exported])),
    ...section(10, vector(layers.map((layer) => sized(body(layer))))),
  ]);
}

function body(layer: Layer): number[] {
  const code: number[] = [...get(INPUT), ...constant(4 * layer.rows), ...add, ...set(INPUT_END)];
  for (let column = 0; column < layer.columns; ) {
    const left = (layer.columns - column) / 4;
    const sums = Math.min(MOST_SUMS, left);
    code.push(...columns(layer, column, sums));
    column += 4 * sums;
  }
  const locals = vector([
    [3, I32],
    [1 + MOST_SUMS, V128],
  ]);
  return [...locals, ...code, END];
}

/** 4 · `sums` columns: one row's product with a strip of the matrix, each column added up from the first row of weights to the last. */
function columns({ rows: _rows, columns: width, weights, bias, relu }: Layer, column: number, sums: number): number[] {
  const each = (make: (sum: number) => number[]) => Array.from({ length: sums }, (_, i) => make(i)).flat();
  const start = bias === 'output' ? get(OUTPUT) : constant(bias);
  return [
    ...each((i) => [...start, ...load(4 * column + 16 * i), ...set(SUM + i)]),
    ...[...get(INPUT), ...set(AT), ...constant(weights + 4 * column), ...set(WEIGHT)],
    ...[0x03, 0x40],
    ...[...get(AT), ...simd(0x09), 2, 0, ...set(VALUE)],
    ...each((i) => [
      ...[...get(SUM + i), ...get(VALUE), ...get(WEIGHT), ...load(16 * i)],
      ...[...simd(0xe6), ...simd(0xe4), ...set(SUM + i)],
    ]),
    ...[...get(WEIGHT), ...constant(4 * width), ...add, ...set(WEIGHT)],
    ...[...get(AT), ...constant(4), ...add, ...tee(AT), ...get(INPUT_END), 0x49, 0x0d, 0, END],
    ...each((i) => [
      ...[...get(OUTPUT), ...get(SUM + i)],
      ...(relu ? [...simd(0x0c), ...new Array<number>(16).fill(0), ...simd(0xe9)] : []),
      ...[...simd(0x0b), 4, ...unsigned(4 * column + 16 * i)],
    ]),
  ];
}

const add = [0x6a];
const get = (local: number) => [0x20, ...unsigned(local)];
const set = (local: number) => [0x21, ...unsigned(local)];
const tee = (local: number) => [0x22, ...unsigned(local)];
const constant = (value: number) => [0x41, ...signed(value)];
const simd = (code: number) => [0xfd, ...unsigned(code)];
const load = (offset: number) => [...simd(0), 4, ...unsigned(offset)];
const section = (id: number, content: number[]) => [id, ...sized(content)];
const sized = (content: number[]) => [...unsigned(content.length), ...content];
const vector = (items: number[][]) => [...unsigned(items.length), ...items.flat()];
const name = (text: string) => sized([...Buffer.from(text)]);

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
