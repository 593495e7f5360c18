import { expect, test } from 'vitest';
import { NotUtf8, Utf8Lines } from './utf8-lines.ts';

test('a character may lie across chunks, and the line of the first that is none is told', () => {
  const bytes = Buffer.concat([Buffer.from('é€😀\nü\n\n'), Buffer.from([0x61, 0xfc, 0x0a])]);
  for (const size of [1, 2, 3, 5, bytes.length]) {
    const lines = new Utf8Lines();
    const feed = () => {
      for (let from = 0; from < bytes.length; from += size) lines.take(bytes.subarray(from, from + size));
    };
    expect(feed).toThrow(new NotUtf8(4));
  }
  const cut = new Utf8Lines();
  cut.take(Buffer.from('a\n€').subarray(0, 3));
  expect(() => cut.end()).toThrow('line 2 is not UTF-8');
});
