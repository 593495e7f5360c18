import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlan } from './plan.ts';

const shipped = readFileSync(new URL('../rollouts/forecast.yaml', import.meta.url), 'utf8');
const written = /^arms:\n(?: {2}.*\n)+/m.exec(shipped)?.[0] ?? '';

/** The shipped plan with other arms. */
function withArms(arms: string): string {
  expect(written).not.toBe('');
  return shipped.replace(written, `arms: ${arms}\n`);
}

function faultsOf(arms: string): string[] {
  try {
    parsePlan(withArms(arms), 'p.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^p\.yaml:\d+:(\d+) /, '$1 '));
  }
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

/** Columns and messages: which line it is depends on the shipped plan. */
describe('each rule by one plan that breaks it', () => {
  test.each<[what: string, arms: string, faults: string[]]>([
    [
      'a default arm without a share',
      '{ default: contrl, expected: all, shares: { control: 30%, all: 70% } }',
      ['18 arms.default: "contrl" has no share in arms.shares; did you mean "control"?'],
    ],
    [
      'an expected arm without a share',
      '{ default: control, expected: ensemble, shares: { control: 30%, all: 70% } }',
      ['37 arms.expected: "ensemble" has no share in arms.shares; known: control, all'],
    ],
    [
      'an arm to win against itself',
      '{ default: control, expected: control, shares: { control: 30%, all: 70% } }',
      ['37 arms.expected: "control" is also arms.default, so that there is nothing to win against; name another: all'],
    ],
    [
      'shares below 100 %',
      '{ default: control, expected: all, shares: { control: 30%, all: 60% } }',
      ['50 arms.shares: the shares control 30%, all 60% add up to 90%; give 10% more to one of them'],
    ],
    [
      'shares above 100 %',
      '{ default: control, expected: all, shares: { control: 30%, all: 80% } }',
      ['50 arms.shares: the shares control 30%, all 80% add up to 110%; take 10% from one of them'],
    ],
    [
      'one arm',
      '{ default: control, expected: all, shares: { control: 100% } }',
      ['50 arms.shares: control are too few; write at least 2'],
    ],
    [
      'a name that no label can have',
      '{ default: control, expected: all, shares: { control: 30%, Online: 70% } }',
      ['66 arms.shares.Online: "Online" cannot be a name here; it must match ^[a-z0-9][a-z0-9-]{0,62}$'],
    ],
    [
      'a share without its unit',
      '{ default: control, expected: all, shares: { control: 30%, all: 70 } }',
      ['71 arms.shares.all: 70 is not a string; write 70%'],
    ],
    [
      'no default arm',
      '{ expected: all, shares: { control: 30%, all: 70% } }',
      [
        '7 arms: "default" is missing; add default: The arm of the release\'s own model: it answers the stations of an arm that is switched off.',
      ],
    ],
  ])('%s', (_what, arms, faults) => {
    expect(faultsOf(arms)).toEqual(faults);
  });
});
