import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { crds, goPrograms, minimum, node, tensorflowBinding } from '../../tools/pins.mjs';
import { debianArtefact, debianPackages } from './containers.mjs';
import { buildFlags, goPins, replaceOnce } from './go-programs.mjs';
import { firstDifference } from './npm-packages.mjs';
import { labArtefacts } from './programs.mjs';
import { withoutNpmSettings } from './tensorflow.mjs';
import { atLeast, parseVersion } from './version.mjs';

const root = join(import.meta.dirname, '..', '..');
const copies: string[] = [];
afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true });
});

/** A checkout that has nothing but tools/. */
function checkout() {
  const copy = mkdtempSync(join(tmpdir(), 'gridramp-pins-'));
  copies.push(copy);
  cpSync(join(root, 'tools'), join(copy, 'tools'), { recursive: true });
  return copy;
}

const keys = (checkoutRoot: string) => {
  const { parts, bin } = labArtefacts(checkoutRoot);
  return new Map([...parts, bin].map(({ name, key }) => [name, key]));
};

test.each([...goPrograms, ...crds.modules])(
  'tools/$folder pins $module at the version that tools/pins.mjs tells',
  ({ folder, module, version }) => {
    const [goMod = '', goSum = ''] = goPins(root, folder);
    const required = goMod.split('\n').map((line) => line.replace(/^(require )?\s*|\s*\/\/.*$/g, ''));
    expect(required).toContain(`${module} ${version}`);
    expect(goSum).toContain(`${module} ${version} h1:`);
  },
);

test('what judges analyses links what the lab runs, down to the language of conditions and the client that Argo asks with', () => {
  const linked = goPins(root, 'analysis-run')[0] ?? '';
  const argo = goPins(root, 'argo-rollouts')[0] ?? '';
  const versionIn = (goMod: string, module: string) =>
    new RegExp(`^\\s*(?:.* => )?${module} (v\\S+)`, 'm').exec(goMod)?.[1] ?? `${module} is not in it`;
  const same = [
    'github.com/argoproj/argo-rollouts',
    'github.com/expr-lang/expr',
    'k8s.io/client-go => k8s.io/client-go',
  ];
  for (const module of same) expect(versionIn(linked, module), module).toBe(versionIn(argo, module));
  const client = 'github.com/prometheus/client_golang';
  expect(versionIn(linked, `${client} => ${client}`)).toBe(versionIn(argo, client));
  const engine = 'github.com/prometheus/prometheus';
  expect(versionIn(linked, engine)).toBe(versionIn(goPins(root, 'prometheus')[0] ?? '', engine));
});

test('a change of our own program renames it', () => {
  const changed = checkout();
  const source = join(changed, 'tools', 'analysis-run', 'main.go');
  writeFileSync(source, `${readFileSync(source, 'utf8')}// changed\n`);
  const before = keys(root);
  const after = keys(changed);
  expect([...before.keys()].filter((name) => before.get(name) !== after.get(name))).toEqual(['analysis-run', 'bin']);
});

test('no go.mod asks for a newer Go than the prerequisites do', () => {
  for (const folder of new Set([...goPrograms, ...crds.modules].map(({ folder }) => folder))) {
    const wanted = /^go (\S+)$/m.exec(goPins(root, folder)[0] ?? '')?.[1];
    expect(atLeast(parseVersion(minimum.go) ?? [0, 0, 0], wanted ?? 'none'), folder).toBe(true);
  }
});

test('the npm packages that are compiled or run by name are the ones in package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(dependencies.node).toBe(node.version);
  expect(dependencies['@tensorflow/tfjs-node']).toBe(tensorflowBinding.tfjsNode);
  expect(devDependencies['node-gyp']).toBe(tensorflowBinding.nodeGyp);
});

test('another clone with the same pins asks for the same folders', () => {
  expect(keys(checkout())).toEqual(keys(root));
});

test('a changed pin renames what depends on it and nothing else', () => {
  const changed = checkout();
  const goSum = join(changed, 'tools', 'etcd', 'go.sum');
  writeFileSync(goSum, `${readFileSync(goSum, 'utf8')}example.org/new v1.0.0 h1:x=\n`);
  const before = keys(root);
  const after = keys(changed);
  expect([...before.keys()].filter((name) => before.get(name) !== after.get(name))).toEqual(['etcd', 'bin']);
});

test('a changed package renames the container tools', () => {
  const changed = checkout();
  const file = join(changed, 'tools', 'debian', 'packages.json');
  const { release, packages } = debianPackages(changed);
  for (const { name, sha256 } of packages) expect(sha256, name).toMatch(/^[0-9a-f]{64}$/);
  const [first, ...others] = packages;
  writeFileSync(file, JSON.stringify({ release, packages: [{ ...first, version: '9' }, ...others] }));
  expect(debianArtefact(changed).key).not.toBe(debianArtefact(root).key);
  expect(debianArtefact(checkout()).key).toBe(debianArtefact(root).key);
});

test('flags of a Go build', () => {
  const prometheus = goPrograms.find(({ folder }) => folder === 'prometheus');
  expect(prometheus && buildFlags(prometheus)).toEqual([
    '-trimpath',
    '-buildvcs=false',
    '-tags=remove_all_sd,enable_kubernetes_sd',
    '-ldflags=-s -w -X github.com/prometheus/common/version.Version=3.16.0',
  ]);
});

test('a replacement that does not fit its source exactly once is refused', () => {
  const replacement = { module: 'm', version: 'v1', file: 'controller.go', from: '"0.0.0.0:%d"', to: '"127.0.0.1:%d"' };
  expect(replaceOnce('a = "0.0.0.0:%d"', replacement)).toBe('a = "127.0.0.1:%d"');
  expect(() => replaceOnce('a = "[::]:%d"', replacement)).toThrow('controller.go has "0.0.0.0:%d" 0 times, not once');
  expect(() => replaceOnce('a = "0.0.0.0:%d"; b = "0.0.0.0:%d"', replacement)).toThrow('2 times, not once');
});

test('installed packages are held against the lockfile', () => {
  const wanted = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-darwin': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  };
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  expect(firstDifference(wanted, { 'node_modules/a': a })).toBeNull();
  expect(firstDifference(wanted, {})).toBe('node_modules/a is missing');
  expect(firstDifference(wanted, { 'node_modules/a': { ...a, version: '1.0.1' } })).toBe(
    'node_modules/a is 1.0.1, not 1.0.0',
  );
  expect(firstDifference(wanted, { 'node_modules/a': a, 'node_modules/c': a })).toBe(
    'node_modules/c is not in the lockfile',
  );
});

test("a user's npm settings do not reach node-gyp", () => {
  const env = {
    PATH: '/bin',
    npm_config_nodedir: '/usr',
    NPM_CONFIG_PYTHON: 'python2',
    npm_package_config_node_gyp_nodedir: '/usr',
    npm_execpath: 'npm',
  };
  expect(withoutNpmSettings(env)).toEqual({ PATH: '/bin', npm_execpath: 'npm' });
});
