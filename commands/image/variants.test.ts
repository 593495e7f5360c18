import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import type { Lock, VariantPackage } from './lockfile.ts';
import { variantLock } from './lockfile.ts';
import { freshLock, lockPath, variantFolder, variants } from './variants.ts';

const root = join(import.meta.dirname, '..', '..');
const checkout: Lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
const GPU = '@tensorflow/tfjs-node-gpu';

/** What is loaded from the server's main.ts and from the process of native TensorFlow on: files of ours, and packages by name. */
async function importGraph() {
  const { output } = await cruise(
    ['model-server/main.ts', 'model-server/backends/native-process.ts'],
    { baseDir: root, doNotFollow: { path: 'node_modules' } },
    {},
    {},
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser gave a report instead of modules');
  const dependencies = output.modules.flatMap((module) => module.dependencies);
  const lost = dependencies.filter(
    ({ couldNotResolve, dependencyTypes }) => couldNotResolve && !dependencyTypes.includes('core'),
  );
  expect(lost).toEqual([]);
  const packages = dependencies.flatMap(
    ({ resolved }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolved)?.[1] ?? [],
  );
  return [...new Set(packages)].sort();
}

test('an image has the packages that its server imports, none missing and none more', async () => {
  const imported = await importGraph();
  expect(imported).toContain('fastify');
  for (const [variant, more] of [
    ['cpu', []],
    ['gpu', [GPU]],
  ] as const) {
    const described: VariantPackage = JSON.parse(
      await readFile(join(root, variantFolder(variant), 'package.json'), 'utf8'),
    );
    expect(Object.keys(described.dependencies)).toEqual([...imported, ...more].sort());
  }
});

test.each(variants)('the lockfile of %s is what npm run image -- --lock writes', async (variant) => {
  expect(await readFile(lockPath(root, variant), 'utf8')).toBe(await freshLock(root, variant));
});

test.each(variants)('%s has each package in the version and with the integrity of this checkout', async (variant) => {
  const { packages }: Lock = JSON.parse(await readFile(lockPath(root, variant), 'utf8'));
  const { '': itself, ...locked } = packages;
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).dependencies;
  for (const [name, version] of Object.entries(itself?.dependencies ?? {}))
    expect(version, name).toBe(name === GPU ? own['@tensorflow/tfjs-node'] : own[name]);
  for (const [path, { version, integrity }] of Object.entries(locked)) {
    expect(integrity, path).toMatch(/^sha512-/);
    if (path === `node_modules/${GPU}`) continue;
    expect({ version, integrity }, path).toEqual({
      version: checkout.packages[path]?.version,
      integrity: checkout.packages[path]?.integrity,
    });
  }
  expect(Object.keys(locked).filter((path) => /pulumi|vitest|biome|typescript$/.test(path))).toEqual([]);
});

const described = { name: 'x', version: '1.0.0', license: 'MIT', dependencies: { a: '1.0.0' } };

test('a package is taken from where Node would find it', () => {
  const lock = variantLock(described, {
    lockfileVersion: 3,
    packages: {
      'node_modules/a': {
        version: '1.0.0',
        dependencies: { b: '^2.0.0' },
        peerDependencies: { c: '1', d: '1' },
        peerDependenciesMeta: { d: { optional: true } },
      },
      'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '1' } },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0', peer: true },
      'node_modules/d': { version: '1.0.0' },
    },
  });
  expect(lock).toMatchObject({ packages: { 'node_modules/c': { version: '1.0.0' } } });
  expect(Object.keys(JSON.parse(JSON.stringify(lock)).packages)).toEqual([
    '',
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/c',
  ]);
});

test('a package that the checkout does not have is said so', () => {
  expect(() => variantLock(described, { lockfileVersion: 3, packages: {} })).toThrow('package-lock.json has no a');
});
