import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

test('calls and bytes are bounded, and who leaves makes room', () => {
  const admission = new Admission({ calls: 2, bytes: 100 });
  const first = admission.enter(60);
  expect(admission.enter(50)).toBeUndefined();
  const second = admission.enter(40);
  expect(admission.enter(0)).toBeUndefined();
  first?.();
  expect(admission.taken).toEqual({ calls: 1, bytes: 40 });
  second?.();
  expect(admission.enter(1000)).toBeDefined();
});
