import { expect, test } from 'vitest';
import { checkCurrency, parseAssumptions } from './assumptions.ts';

test('what is stated has a source; what is not stated is not there', () => {
  const text = 'currency: CHF\ncpu_hour: { value: 0.04, source: our contract }\n';
  expect(parseAssumptions(text, 'a.yaml')).toEqual({
    currency: 'CHF',
    cpu_hour: { value: 0.04, source: 'our contract' },
  });
  expect(parseAssumptions('', 'a.yaml')).toEqual({});
});

test.each([
  ['cpu_hour: 0.04', 'a.yaml:1:11 cpu_hour: 0.04 is not an object'],
  ['cpu_hour: { value: 0.04 }', '"source" is missing; add source: Who says so, or where it is written.'],
  ['cpu_hour: { value: -1, source: x }', 'cpu_hour.value: -1 must be >= 0'],
  ['cpu_hours: { value: 1, source: x }', '"cpu_hours" is not known here; did you mean "cpu_hour"?'],
  ['currency: [', 'a.yaml:1:'],
])('%s: %s', (text, message) => {
  expect(() => parseAssumptions(text, 'a.yaml')).toThrow(message);
});

test('a currency that is not that of the plan needs a tariff of its own', () => {
  const plan = { file: 'plan.yaml', tariff: { currency: 'EUR', shortfall_per_mwh: 40, surplus_per_mwh: 20 } };
  const tariff = { shortfall_per_mwh: { value: 50, source: 'x' }, surplus_per_mwh: { value: 25, source: 'x' } };
  expect(() => checkCurrency({ currency: 'USD' }, 'a.yaml', plan)).toThrow(
    'a.yaml currency: is USD, and the tariff of plan.yaml is in EUR; state a tariff in USD here too, or all amounts in EUR',
  );
  for (const fine of [{ currency: 'USD', tariff }, { currency: 'EUR' }, { tariff }, {}])
    expect(() => checkCurrency(fine, 'a.yaml', plan)).not.toThrow();
});
