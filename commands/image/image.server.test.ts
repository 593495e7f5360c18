import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { PodSpec } from '../../core/compile/pod.ts';
import { LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, type Release, releaseDigest } from '../../core/release.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { STANDS_ALONE, serverEnv } from '../../core/workload.ts';
import { randomNetwork } from '../../model-server/random-network.ts';
import { setUp } from '../bootstrap/setup.mjs';
import { imageFiles, makeImage } from './build.ts';
import { buildFault } from './buildah.ts';
import { type BuiltImage, buildImage } from './image.ts';
import type { Lock } from './lockfile.ts';
import { type Container, startContainer, unpackImage } from './runc.ts';
import { lockPath } from './variants.ts';

const WAIT = { timeout: 60_000, interval: 20 };
const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
const fault = buildFault();
const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

let folder: string;
let tools: string;
let built: BuiltImage;
let image: Awaited<ReturnType<typeof unpackImage>>;
let container: Container | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-images-'));
  if (fault !== undefined) return;
  tools = (await setUp(root, 'containers', process.stderr)).bin ?? '';
  built = await buildImage({ root, variant: 'cpu', out: join(folder, 'out') });
  image = await unpackImage(built.archive, join(folder, 'cpu'));
});
afterEach(async () => {
  await container?.remove();
  container = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

/** A machine without the rights is told what it lacks: that is all that can be tested there. */
function testImage(name: string, body: () => Promise<void>): void {
  test(`${name}; a machine that cannot build says why`, async () => {
    if (fault === undefined) return body();
    await expect(buildImage({ root, variant: 'cpu', out: folder })).rejects.toThrow(fault.message);
  });
}

testImage('the same files in another folder, of another time and umask, have the same digest', async () => {
  const elsewhere = join(folder, 'elsewhere');
  for (const part of ['core', 'model-server', 'tools', '.dockerignore'])
    await cp(join(root, part), join(elsewhere, part), { recursive: true });
  await chmod(join(elsewhere, 'core', 'record.ts'), 0o600);
  await writeFile(join(elsewhere, 'model-server', 'notes.test.ts'), 'no image has tests');
  await symlink(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
  const again = join(folder, 'again');
  await mkdir(again);
  await makeImage({ root: elsewhere, variant: 'cpu' }, again);
  expect(await readJson(join(again, imageFiles.facts))).toMatchObject({ digest: built.digest });
  expect(await readFile(join(again, imageFiles.sbom), 'utf8')).toBe(await readFile(built.sbom, 'utf8'));
});

testImage('it has one program, no shell and no test, and nothing in it is writable but /tmp', async () => {
  const entries = (await readdir(image.rootfs, { recursive: true, withFileTypes: true })).map((entry) => ({
    ...{ entry, path: relative(image.rootfs, join(entry.parentPath, entry.name)) },
  }));
  const files = entries.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
  const programs: string[] = [];
  for (const path of files) {
    const bytes = await readFile(join(image.rootfs, path));
    if (bytes.subarray(0, 4).equals(Buffer.from('\x7fELF')) || bytes.subarray(0, 2).equals(Buffer.from('#!')))
      programs.push(path);
  }
  const native = programs.filter((path) => !path.startsWith('app/node_modules/') && !/\.so(\.\d+)*$/.test(path));
  expect(native).toEqual(['usr/local/bin/node']);
  expect(files.filter((path) => /(^|\/)(sh|bash|dash|busybox|npm|apt|dpkg)$/.test(path))).toEqual([]);
  expect(files.filter((path) => /^app\/(core|model-server)\/.*\.test\.ts$/.test(path))).toEqual([]);
  const writable = await Promise.all(
    entries.map(async ({ entry, path }) => {
      const { mode, uid } = await lstat(join(image.rootfs, path));
      return uid !== 0 || (!entry.isSymbolicLink() && (mode & 0o022) !== 0) ? [path] : [];
    }),
  );
  expect(writable.flat()).toEqual(['tmp']);
});

testImage(
  'its bill of materials lists every package and library that is in it, and provenance each by digest',
  async () => {
    const { components }: { components: { purl: string }[] } = await readJson(built.sbom);
    const listed = new Set(components.map(({ purl }) => decodeURIComponent(purl.replace(/[?].*/, ''))));
    const folders = (await readdir(join(image.rootfs, 'app', 'node_modules'), { recursive: true })).filter((path) =>
      /^(.*node_modules\/)?(@[^/]+\/)?[^/@]+\/package\.json$/.test(path),
    );
    const packages = await Promise.all(
      folders.map(async (path) => await readJson(join(image.rootfs, 'app', 'node_modules', path))),
    );
    expect(packages.length).toBeGreaterThan(80);
    for (const { name, version } of packages) expect([...listed]).toContain(`pkg:npm/${name}@${version}`);
    const debian = await readdir(join(image.rootfs, 'var/lib/dpkg/status.d'));
    for (const name of debian)
      expect([...listed].filter((purl) => purl.startsWith(`pkg:deb/debian/${name}@`)).length).toBe(1);
    expect([...listed].filter((purl) => purl.startsWith('pkg:generic/node@')).length).toBe(1);

    const { subject, predicate } = await readJson(built.provenance);
    expect(subject).toEqual([{ name: 'gridramp/model-server-cpu', digest: { sha256: built.digest.slice(7) } }]);
    const sources: { uri: string; digest: Record<string, string> }[] = predicate.buildDefinition.resolvedDependencies;
    const { packages: locked }: Lock = await readJson(lockPath(root, 'cpu'));
    expect(sources.filter(({ digest }) => /^[0-9a-f]{128}$/.test(digest.sha512 ?? '')).length).toBe(
      Object.keys(locked).length - 1,
    );
    expect(sources.filter(({ digest }) => !/^[0-9a-f]{40,128}$/.test(Object.values(digest)[0] ?? ''))).toEqual([]);
  },
);

testImage('it forecasts as its pod runs it: as nobody, without capabilities, on a read-only root', async () => {
  const { url, running } = await serving();
  await expect.poll(async () => (await request(`${url}/readyz`)).statusCode, WAIT).toBe(200);
  const { statusCode, body } = await request(`${url}/v1/forecast`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ issue_time: '2016-08-07T05:00:00Z', station_ids: ['a'] },
      history_kw: [Array.from({ length: HISTORY_HOURS }, (_, i) => 100 + 50 * Math.sin(i / 24))],
    }),
  });
  expect(statusCode).toBe(200);
  expect(await body.json()).toMatchObject({
    records: [{ station_id: 'a', fallback: false, values_kw: { length: LEADS } }],
  });

  const node = '/usr/local/bin/node';
  const print = (code: string) => running.exec(node, '-e', code);
  const status = (await print(`console.log(require('fs').readFileSync('/proc/1/status', 'utf8'))`)).said;
  expect(status).toMatch(/^Uid:\t10001\t10001\t10001\t10001$/m);
  expect(status).toMatch(/^CapEff:\t0{16}$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect((await print(`require('fs').writeFileSync('/app/core/new.ts', '')`)).said).toContain('EROFS');
  expect((await print(`require('fs').writeFileSync('/tmp/new', '')`)).code).toBe(0);
  expect((await running.exec('/bin/sh', '-c', 'true')).said).toContain('no such file or directory');
  // What docker asks for its health. The port is the machine's choice here, so it is told.
  const health = (port: string) => print(`process.env.PORT = '${port}'; import('/app/model-server/alive.ts')`);
  expect((await health(new URL(url).port)).code).toBe(0);
  expect((await health('1')).code).toBe(1);

  const ended = once(running.process, 'exit');
  running.process.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

/** The server of the image with a release of an untrained network. */
async function serving(): Promise<{ url: string; running: Container }> {
  const registry = join(folder, 'registry');
  const release: Release = { image: `i@${built.digest}`, model: await randomNetwork(registry), flags: {}, server: {} };
  const digest = releaseDigest(release);
  const file = join(registry, registryPath.release(digest));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, canonicalJson(release));
  await run('chmod', ['-R', 'a+rX', registry]);
  const states = join(folder, 'states');
  await mkdir(states);
  await chown(states, 10_001, 10_001);
  const pod: PodSpec = parse(await readFile(join(root, 'manifests/production/rollout-forecast.yaml'), 'utf8')).spec
    .template.spec;
  const env = {
    ...{ [serverEnv.host]: '127.0.0.1', [serverEnv.port]: '0', [serverEnv.scorer_url]: STANDS_ALONE },
    ...{
      [serverEnv.pod_name]: 'pod',
      [serverEnv.pod_hash]: 'hash',
      [serverEnv.arm]: 'control',
      [serverEnv.release]: digest,
    },
    ...{ [serverEnv.registry]: '/registry', [serverEnv.states]: '/states' },
  };
  const mounts = [
    { source: registry, destination: '/registry' },
    { source: states, destination: '/states', writable: true },
  ];
  const running = await startContainer({
    runc: join(tools, 'runc'),
    folder: join(folder, 'cpu'),
    image,
    pod,
    env,
    mounts,
  });
  container = running;
  return { url: await urlOf(running), running };
}

/** It is in the line that the server logs when it listens. */
async function urlOf({ process: { stdout, stderr } }: Container): Promise<string> {
  let said = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk) => (said += chunk));
  return await vi
    .waitUntil(() => /"url":"([^"]+)"/.exec(said)?.[1], WAIT)
    .catch(() => {
      throw new Error(`the server did not listen: ${said}`);
    });
}
