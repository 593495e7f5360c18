import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { plainLeads, tenthsOfWatts } from './leads-text.ts';

const values = fc.array(fc.oneof(fc.double(), fc.double({ min: -20_000, max: 20_000 })), {
  minLength: LEADS,
  maxLength: LEADS,
});

test('leads are written as JSON has them, to the bit or to a tenth of a watt', () => {
  fc.assert(
    fc.property(values, (kw) => {
      const two = Float64Array.from([...new Array(LEADS).fill(7), ...kw]);
      const finite = kw.map((value) => (Number.isFinite(value) ? value : null));
      expect(plainLeads(two, LEADS)).toBe(JSON.stringify(finite));
      const rounded: (number | null)[] = JSON.parse(tenthsOfWatts(two, LEADS));
      expect(rounded).toHaveLength(LEADS);
      for (const [lead, value] of finite.entries()) {
        const written = rounded[lead];
        if (value === null || written == null) expect(written).toBe(value);
        else expect(Math.abs(written - value)).toBeLessThanOrEqual(5.001e-5 + Math.abs(value) * 1e-15);
      }
    }),
  );
});
