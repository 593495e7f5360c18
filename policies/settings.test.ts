import { expect, test } from 'vitest';
import { policyNames } from './all.ts';
import { environmentOf, type PolicySettings, parsePolicySettings } from './settings.ts';
import { findingText, weigh } from './verdict.ts';

const text = `registries: [a]
gpu_pools: []
environments: { staging: advisory, production: mandatory }
policies:
  non-root: { staging: mandatory }
exemptions:
  - policy: read-only-root
    subject: Deployment/old
    environment: production
    owner: platform
    until: 2027-01-31
    why: it writes its cache beside itself
`;
const settings = parsePolicySettings(text, 'settings.yaml', policyNames);
const violation = { place: 'spec', reason: 'bad', fix: 'mend it' };
const on = (today: string, policy = 'read-only-root', environment = 'production', subject = 'Deployment/old') =>
  weigh(policy, subject, violation, settings, { environment, today });

test('an environment says how strict a policy is, unless the policy says otherwise', () => {
  expect(on('2026-12-01', 'no-privilege', 'production').level).toBe('mandatory');
  expect(on('2026-12-01', 'no-privilege', 'staging').level).toBe('advisory');
  expect(on('2026-12-01', 'non-root', 'staging').level).toBe('mandatory');
});

test('what is exempt refuses nothing up to the last day, and says whose it is', () => {
  const exempt = on('2027-01-31');
  expect(exempt.level).toBe('advisory');
  expect(findingText(exempt)).toBe(
    'spec: bad; mend it (let off until 2027-01-31 by platform: it writes its cache beside itself)',
  );
});

test('from the next day on it is refused again, and says whose exemption ended', () => {
  const expired = on('2027-02-01');
  expect(expired.level).toBe('mandatory');
  expect(findingText(expired)).toBe('spec: bad; mend it; the exemption of platform ended on 2027-01-31');
});

test('an exemption is of one policy, one subject and, where it names one, one environment', () => {
  expect(on('2026-12-01', 'non-root').level).toBe('mandatory');
  expect(on('2026-12-01', 'read-only-root', 'production', 'Deployment/new').level).toBe('mandatory');
  expect(on('2026-12-01', 'read-only-root', 'staging')).not.toHaveProperty('exemption');
});

test.each([
  [
    'a policy that there is not',
    'read-only-root',
    'read-only-rot',
    /settings.yaml:7:13 .*"read-only-rot".*did you mean "read-only-root"/,
  ],
  [
    'an environment that there is not',
    'environment: production',
    'environment: prod',
    /settings.yaml:9:18 .*"prod" is not known here/,
  ],
  ['a day that there is not', '2027-01-31', '2027-02-30', /settings.yaml:11:12/],
  ['a level that there is not', 'advisory,', 'strict,', /"strict" is not known here/],
  ['an exemption without an owner', '    owner: platform\n', '', /"owner" is missing/],
])('%s is refused, where it stands', (_, from, to, message) => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  expect(() => parsePolicySettings(changed, 'settings.yaml', policyNames)).toThrow(message);
});

test('a stack is of the environment that its name ends in', () => {
  const place: PolicySettings = settings;
  expect(environmentOf('serving-production', place)).toBe('production');
  expect(environmentOf('production', place)).toBe('production');
  expect(() => environmentOf('serving-test', place)).toThrow(/stack serving-test: .*staging, production/);
});
