import * as fc from 'fast-check';

/** For tests: JSON of `valid` with one to three things done to it that no honest caller does. Mostly, but not always, it is no longer valid. */
export function hostileBodies(valid: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const edits = fc.array(fc.oneof(editOfTokens, editOfTokens, editOfBytes), { minLength: 1, maxLength: 3 });
  return fc
    .tuple(valid, edits)
    .map(([body, all]) => all.reduce<Buffer>((bytes, edit) => edit(bytes), Buffer.from(JSON.stringify(body))));
}

type Edit = (bytes: Buffer) => Buffer;

const DEEP = 100_000;

const values = fc.constantFrom(
  ...['NaN', 'Infinity', '-Infinity', '1e999', '-1e999', '1e13', '-0', '01', '1.', '.5', '+1', '0x10', '9'.repeat(400)],
  ...['', 'null', 'true', '7', '""', '"x"', '[]', '{}', '[[]]', '[[null]]', '[[1e999]]', '[[[1]]]', 'undefined', '//'],
  ...['"2016-02-30T00:00:00Z"', '"1970-01-01T00:00:00+00:00"', '"-271821-04-20T00:00:00Z"', '"\\u0000"', '"\\ud800"'],
  ...['"\u202e\u0000"', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '"__proto__"'],
  ...['['.repeat(DEEP), `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
  ...[
    `[${'0,'.repeat(100_000)}0]`,
    `[[${'0,'.repeat(336)}0]]`,
    `[${'[0],'.repeat(1_000)}[0]]`,
    `"${'ä'.repeat(50_000)}"`,
  ],
);

/** A member that comes first, so that it is there twice, or was never known. */
const member = fc
  .tuple(
    fc.constantFrom(
      'issue_time',
      'station_ids',
      'history_kw',
      'history\\u005fkw',
      'arm',
      'intervals',
      'entries',
      '__proto__',
    ),
    values,
  )
  .map(([name, value]) => `{"${name}":${value},`);

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^{}[\],:"\s]+/g;

const editOfTokens: fc.Arbitrary<Edit> = fc.oneof(
  member.map(
    (first): Edit =>
      (bytes) =>
        Buffer.from(bytes.toString().replace('{', () => first)),
  ),
  fc.tuple(fc.nat(), fc.constantFrom('instead', 'before', 'twice', 'without'), values).map(
    ([at, how, value]): Edit =>
      (bytes) => {
        const tokens = bytes.toString().match(TOKEN) ?? [''];
        const place = at % tokens.length;
        const token = tokens[place] ?? '';
        tokens[place] = { instead: value, before: `${value}${token}`, twice: `${token}${token}`, without: '' }[how];
        return Buffer.from(tokens.join(''));
      },
  ),
);

const editOfBytes: fc.Arbitrary<Edit> = fc
  .tuple(fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.constantFrom('into', 'over', 'until'))
  .map(
    ([at, noise, how]): Edit =>
      (bytes) => {
        const place = at % (bytes.length + 1);
        const rest = { into: place, over: place + noise.length, until: bytes.length }[how];
        return Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(rest)]);
      },
  );
