import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRows } from './number-rows.ts';

const LIMITS = { name: 'history_kw', max_rows: 5, columns: 4, most: 1e12 };
const read = (text: string) => readRows(Buffer.from(text), 0, LIMITS);

/** What JSON.parse says, filled from the left. */
function expected(text: string): number[] {
  const rows: (number | null)[][] = JSON.parse(text);
  return rows.flatMap((row) => [...Array(4 - row.length).fill(Number.NaN), ...row.map((value) => value ?? Number.NaN)]);
}

test('numbers are those of JSON.parse to the bit, however they are spelled', () => {
  const size = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  const spelled = fc.oneof(
    size.map(String),
    size.map((value) => value.toExponential()),
    size.map((value) => value.toFixed(3)),
    fc.integer({ min: -1e9, max: 1e9 }).map(String),
    fc.constant('null'),
    fc.constant('-0'),
  );
  const space = fc.constantFrom('', ' ', '\n\t', '\r\n  ');
  const row = fc.tuple(space, space, fc.array(spelled, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const text = `[${rows.map(([gap, after, numbers]) => `${gap}[${gap}${numbers.join(`${gap},${after}`)}${gap}]${gap}`).join(',')}]`;
      const { values, count, end } = read(text);
      expect([...values]).toEqual(expected(text));
      expect({ count, end }).toEqual({ count: rows.length, end: text.length });
    }),
  );
});

test('whatever JSON.parse refuses is refused', () => {
  const byte = fc.constantFrom(...'[],-+.0123456789eEnul ');
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (bytes) => {
      const text = `[[${bytes.join('')}]]`;
      let accepted: number[] | undefined;
      try {
        accepted = [...read(text).values];
      } catch {
        return;
      }
      const { end } = read(text);
      expect(accepted).toEqual(expected(text.slice(0, end)));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['[[1,"x"]]', 'history_kw[0][1]: "\\"x\\"]]"; send a JSON number or null'],
  ['[[1],[]]', 'history_kw[1][0]: "]]"; send a JSON number or null'],
  ['[[1],2]', 'history_kw[1][0]: "2]"; send an array of numbers'],
  ['{}', 'history_kw[0][0]: "{}"; send an array of arrays of numbers'],
  ['[[1,2,3,4,5]]', 'history_kw[0][4]: more than 4 numbers; send the last 4'],
  ['[[1],[1],[1],[1],[1],[1]]', 'history_kw[5][0]: more than 5 rows; send at most 5'],
  ['[[1e13]]', 'history_kw[0][0]: 10000000000000 is larger than 1000000000000; send kW, and null for what is missing'],
  ['[[1', 'history_kw[0][1]: the end of the body; send ] or , after the number'],
  [`[[${'1'.repeat(100)}]]`, 'send a JSON number or null'],
])('%s is refused with its place, value and fix', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
