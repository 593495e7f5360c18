import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand, launchOf } from './pod-launch.ts';
import { rewrite } from './pod-mounts.ts';

const image = { cwd: '/image', command: ['node', 'serve.js'], env: { MODE: 'image', ONLY: 'image' } };

test.each([
  ['$(A)-$(B)', '1-$(B)'],
  ['$$(A) $$$(A) $$', '$(A) $1 $'],
  ['$(A', '$(A'],
  ['cost: 5$', 'cost: 5$'],
])('%s expands to %s', (text, expanded) => {
  expect(expand(text, { A: '1' })).toBe(expanded);
});

test('a text without a dollar is never changed', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('$')),
      (text) => expand(text, { A: '1' }) === text,
    ),
  );
});

test("the pod's command replaces the image's, its variables go over the image's, and each sees those before it", async () => {
  const env = [
    { name: 'MODE', value: 'pod' },
    { name: 'FIRST', value: '$(SECOND)' },
    { name: 'SECOND', value: '$(MODE)' },
  ];
  const launch = await launchOf({
    ...context,
    container: { name: 'c', command: ['$(ONLY)'], args: ['$(SECOND)'], env },
  });
  expect(launch).toEqual({
    command: 'image',
    args: ['pod'],
    cwd: '/image',
    env: { MODE: 'pod', ONLY: 'image', FIRST: '$(SECOND)', SECOND: 'pod' },
  });
});

test('values come from ConfigMaps and Secrets, and what is optional may be missing', async () => {
  const from = (kind: 'configMapKeyRef' | 'secretKeyRef', key: string, optional: boolean) => ({
    [kind]: { name: 'settings', key, optional },
  });
  const env = [
    { name: 'MAP', valueFrom: from('configMapKeyRef', 'a', false) },
    { name: 'SECRET', valueFrom: from('secretKeyRef', 'a', false) },
    { name: 'OPTIONAL', valueFrom: from('configMapKeyRef', 'b', true) },
  ];
  const read = async (kind: string) => ({ a: kind });
  const launch = await launchOf({
    ...context,
    image: { cwd: '/', command: ['x'] },
    read,
    container: { name: 'c', env },
  });
  expect(launch.env).toEqual({ MAP: 'ConfigMap', SECRET: 'Secret' });
  const missing = [{ name: 'B', valueFrom: from('configMapKeyRef', 'b', false) }];
  await expect(launchOf({ ...context, read, container: { name: 'c', env: missing } })).rejects.toThrow(
    'ConfigMap "settings" has no key "b"',
  );
});

test('of nested mounts the inner one decides, and a path that only looks alike is left alone', () => {
  const mounts = [
    { path: '/data/shared', folder: '/real/shared' },
    { path: '/data', folder: '/real/data' },
  ];
  const paths = ['/data', '/data/x', '/data/shared/x', '/database', 'data', '--to=/data'];
  expect(paths.map((path) => rewrite(path, mounts))).toEqual([
    '/real/data',
    '/real/data/x',
    '/real/shared/x',
    '/database',
    'data',
    '--to=/data',
  ]);
});

const context = {
  pod: { metadata: { name: 'p' } },
  container: { name: 'c' },
  image,
  mounts: [],
  address: '10.150.16.1',
  hostAddress: '10.150.0.1',
  read: async () => undefined,
};

test("an image's folder is this machine's, whatever is mounted; a working folder of the pod's is the pod's", async () => {
  const around = {
    ...context,
    image: { ...image, cwd: '/tmp/checkout' },
    mounts: [{ path: '/tmp', folder: '/pods/1/tmp' }],
  };
  expect((await launchOf({ ...around, container: { name: 'c' } })).cwd).toBe('/tmp/checkout');
  expect((await launchOf({ ...around, container: { name: 'c', workingDir: '/tmp/work' } })).cwd).toBe(
    '/pods/1/tmp/work',
  );
});
