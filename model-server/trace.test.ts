import { expect, test } from 'vitest';
import { traceIds, traceOf, traceparent } from './trace.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';
const OF = { trace_id: ID, span_id: 'b7ad6b7169203331' };

test('a trace is taken from a valid header and handed on', () => {
  expect(traceOf(`00-${ID}-b7ad6b7169203331-01`)).toEqual({ ...OF, sampled: true });
  expect(traceOf(`00-${ID}-b7ad6b7169203331-02`)).toEqual({ ...OF, sampled: false });
  expect(traceOf(traceparent(ID, true, OF.span_id))).toEqual({ ...OF, sampled: true });
  expect(traceOf(traceparent(ID, true))).toMatchObject({ trace_id: ID, sampled: true });
  expect(traceOf(traceparent(traceIds()(), false))).toMatchObject({ sampled: false });
});

test.each([
  ['none', undefined],
  ['two', ['a', 'b']],
  ['another version', `01-${ID}-b7ad6b7169203331-01`],
  ['no trace', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
  ['no parent', `00-${ID}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${ID.toUpperCase()}-b7ad6b7169203331-01`],
  ['something behind it', `00-${ID}-b7ad6b7169203331-01\n{"level":60}`],
])('a header with %s is no trace', (_name, header) => {
  expect(traceOf(header)).toBeUndefined();
});

test('ids are all different', () => {
  const next = traceIds();
  const ids = [next(), next(), traceIds()()];
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
