import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from './plan.ts';

const shipped = readFileSync(new URL('../rollouts/forecast.yaml', import.meta.url), 'utf8');
const written = /^arms:\n(?: {2}.*\n)+/m.exec(shipped)?.[0] ?? '';

/** The shipped plan with other arms. */
function withArms(arms: string): string {
  expect(written).not.toBe('');
  return shipped.replace(written, `arms: ${arms}\n`);
}

test("the shipped plan has the strategy's four groups in equal shares", () => {
  expect(parsePlan(shipped, 'p.yaml').arms).toEqual({
    default: 'control',
    expected: 'all',
    shares: { all: 25, control: 25, ensemble: 25, online: 25 },
  });
});

test('a plan need not have arms, and their order in the file means nothing', () => {
  expect(parsePlan(shipped.replace(written, ''), 'p.yaml').arms).toBeNull();
  const arms = (shares: string) =>
    parsePlan(withArms(`{ default: control, expected: all, shares: { ${shares} } }`), 'p.yaml').arms;
  expect(JSON.stringify(arms('control: 30%, all: 70%'))).toBe(JSON.stringify(arms('all: 70%, control: 30%')));
});
