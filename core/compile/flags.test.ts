import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFlags } from '../flags-file.ts';
import { parsePlan } from '../plan.ts';
import { releaseDigest } from '../release.ts';
import { type Flag, flagsFileOf, flagsFileText, releaseFlags } from './flags.ts';

const folder = new URL('../../rollouts/', import.meta.url);
const { arms } = parsePlan(readFileSync(new URL('forecast.yaml', folder), 'utf8'), 'forecast.yaml');
const file = 'forecast.flags.json';
const shipped = readFileSync(new URL(file, folder), 'utf8');
const warm: Flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };

test('the shipped flags are what the plan compiles to, and belong to it by their name', () => {
  expect(flagsFileOf('rollouts/forecast.yaml')).toBe('rollouts/forecast.flags.json');
  expect(flagsFileText(releaseFlags(parseFlags(shipped, file), arms))).toBe(shipped);
});

test("the arms are the plan's, whatever the file says; other flags stay as they were written", () => {
  const flags = releaseFlags({ warm, arm: { ...warm, defaultVariant: 'on' } }, arms);
  expect(flags).toEqual({ ...releaseFlags({}, arms), warm });
  expect(releaseFlags(flags, null)).toEqual({ warm });
});

test('another share, another default arm or another flag is another release', () => {
  const of = (flags: Record<string, unknown>) => releaseDigest({ image: 'i', model: 'm', flags, server: {} });
  const shares = { control: 30, all: 70 };
  const digests = [
    of(releaseFlags({}, { default: 'control', expected: 'all', shares })),
    of(releaseFlags({}, { default: 'control', expected: 'all', shares: { control: 31, all: 69 } })),
    of(releaseFlags({}, { default: 'all', expected: 'control', shares })),
    of(releaseFlags({ warm }, { default: 'control', expected: 'all', shares })),
    of(releaseFlags({}, null)),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  // Which arm is meant to win is what people hope, and no part of what runs.
  expect(of(releaseFlags({}, { default: 'control', expected: 'control', shares }))).toBe(digests[0]);
});

test('a flags file is refused with every fault in it', () => {
  const faults = (text: string) => {
    try {
      return parseFlags(text, file);
    } catch (error) {
      return error instanceof Error ? error.message.split('\n') : error;
    }
  };
  const fix = 'write flags as https://flagd.dev/reference/flag-definitions describes them';
  expect(faults('{')).toEqual([expect.stringMatching(/^forecast\.flags\.json: is not JSON \(.*\); correct it$/)]);
  expect(faults('{"flags": {"warm": {"state": "ON", "variants": {}}}}')).toEqual([
    `${file} flags.warm: must have required property 'defaultVariant'; ${fix}`,
    `${file} flags.warm.state: must be equal to one of the allowed values; ${fix}`,
    `${file} flags.warm.variants: must NOT have fewer than 1 properties; ${fix}`,
  ]);
  expect(faults(JSON.stringify({ flags: { warm: { ...warm, defaultVariant: 'of' } } }))).toEqual([
    `${file} flags.warm.defaultVariant: "of" is not among the variants; write on or off`,
  ]);
});

test('a retired flag stays in the file, disabled; the arms go with the plan', () => {
  const flags = releaseFlags({ warm, cold: warm }, arms, ['warm', 'arm']);
  expect(flags).toEqual({ ...releaseFlags({}, arms), warm: { ...warm, state: 'DISABLED' }, cold: warm });
});
