import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellNumber } from './cells.ts';

const read = (text: string) => cellNumber(Buffer.from(`,${text},`), 1, 1 + Buffer.byteLength(text));

describe('a cell', () => {
  it('reads as the very double that JavaScript reads, to the last bit', () => {
    const decimal = fc
      .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,12}$/), fc.stringMatching(/^(\.\d{0,12})?$/))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(decimal, (text) => Object.is(read(text), Number(text))),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => read(String(x)) === x));
  });

  it('is missing when empty and nothing when it is not a decimal number', () => {
    expect(read('')).toBeNaN();
    for (const text of [
      '-',
      '.',
      '-.',
      '1.2.3',
      '1,',
      ' 1',
      '1 ',
      '0x10',
      'NaN',
      'Infinity',
      '1e400',
      '--1',
      '1e',
      '９',
      '1'.repeat(41),
    ])
      expect(read(text), text).toBeUndefined();
  });
});
