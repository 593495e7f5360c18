import { expect, test } from 'vitest';
import { asLines, memoryDiagnosis, openFilesDiagnosis, toolDiagnoses } from './diagnosis.mjs';

const goMissing = {
  tool: 'go' as const,
  found: null,
  fault: 'Go is missing (1.26.7 or newer is needed)',
  fix: 'install it',
};

test('a missing tool is a fault only while something must be made with it', () => {
  expect(toolDiagnoses([goMissing], new Set(['go']))).toEqual([
    { name: 'go', state: 'fault', text: goMissing.fault, fix: 'install it' },
  ]);
  expect(toolDiagnoses([goMissing], new Set(['npm']))).toMatchObject([{ name: 'go', state: 'pending' }]);
});

test('the hard limit of open files counts, because Node raises the soft one', () => {
  const limits = (hard: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 ${hard}               files\n`;
  expect(openFilesDiagnosis(limits('20000'))).toMatchObject({ state: 'ok' });
  expect(openFilesDiagnosis(limits('unlimited'))).toMatchObject({ state: 'ok' });
  expect(openFilesDiagnosis(limits('1024'))).toMatchObject({
    state: 'fault',
    text: 'at most 1024 open files are allowed (4096 are needed)',
  });
});

test('too little memory, or memory that cannot be told, is a fault', () => {
  expect(memoryDiagnosis('MemTotal:       24684000 kB\n')).toMatchObject({ state: 'ok' });
  expect(memoryDiagnosis('MemTotal:        2000000 kB\n')).toMatchObject({ state: 'fault' });
  expect(memoryDiagnosis('')).toMatchObject({ state: 'fault' });
});

test('every fault is told, each with its fix, and they are counted', () => {
  const lines = asLines([
    { name: 'node', state: 'ok', text: 'v20.20.2', fix: null },
    { name: 'go', state: 'fault', text: 'Go is missing', fix: 'install it' },
    { name: 'make', state: 'fault', text: 'make is missing', fix: 'apt install make' },
    { name: 'etcd 3.6.16', state: 'pending', text: 'not ready', fix: 'it comes' },
  ]);
  expect(lines).toBe(
    '✓ node: v20.20.2\n✗ go: Go is missing\n    install it\n✗ make: make is missing\n    apt install make\n· etcd 3.6.16: not ready\n    it comes\n2 faults',
  );
});
