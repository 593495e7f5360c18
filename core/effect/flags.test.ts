import { expect, test } from 'vitest';
import { ARM_FLAG, armFlag, type Flag } from '../compile/flags.ts';
import { flagEffects } from './flags.ts';

const charts: Flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };

/** Of one flag that changes, with no other release: each effect as "severity rule: sentence". */
function effects(is: Flag | null, was: Flag | null = charts, released = false): string[] {
  const of = (flag: Flag | null) => (flag === null ? {} : { charts: flag });
  return flagEffects(of(was), of(is), released).map((found) => `${found.severity} ${found.rule}: ${found.sentence}`);
}

const waits =
  'warning flags-wait-for-release: Flags are part of the release, whose digest does not change here: a release that runs keeps its own, and the new ones ramp with the next.';

test('a flag that comes or goes', () => {
  expect(effects(charts, null)).toEqual([
    'notice adds-flag: A release made from now on has a new flag "charts", enabled: "off" by default.',
    waits,
  ]);
  expect(effects(null)).toEqual([
    'notice removes-flag: A release made from now on has no flag "charts" any more: who asks for it gets the value that the asking code has for that.',
    waits,
  ]);
});

test('whether it is on, what it gives, and to whom', () => {
  expect(effects({ ...charts, state: 'DISABLED' })[0]).toBe(
    'notice disables-flag: A release made from now on disables the flag "charts": who asks for it gets the value that the asking code has for that.',
  );
  expect(effects(charts, { ...charts, state: 'DISABLED' })[0]).toContain('notice enables-flag: ');
  expect(effects({ ...charts, defaultVariant: 'on' })).toEqual([
    'notice moves-default-of-flag: A release made from now on gives by default another variant of the flag "charts": "on" instead of "off".',
    waits,
  ]);
  expect(effects({ ...charts, variants: { on: 1, off: false, half: 0.5 } })[0]).toBe(
    'notice moves-variants-of-flag: A release made from now on has other variants of the flag "charts": half, on.',
  );
  expect(effects({ ...charts, targeting: { if: [{ var: 'operator' }, 'on'] } })[0]).toBe(
    'notice moves-targeting-of-flag: A release made from now on chooses otherwise who gets which variant of the flag "charts".',
  );
});

test('with another release it ramps as that does', () => {
  expect(effects({ ...charts, defaultVariant: 'on' }, charts, true)).toEqual([
    'notice moves-default-of-flag: The new release gives by default another variant of the flag "charts": "on" instead of "off".',
  ]);
});

test('what the digest does not see does nothing, and the flag of the arms is told by the plan', () => {
  expect(effects({ ...charts, variants: { off: false, on: true } })).toEqual([]);
  const arms = { default: 'control', expected: 'control', shares: { control: 100 } };
  expect(flagEffects({}, { [ARM_FLAG]: armFlag(arms) }, false)).toEqual([]);
});
