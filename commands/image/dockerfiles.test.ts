import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { PodSpec } from '../../core/compile/pod.ts';
import { PORT } from '../../core/workload.ts';
import { node, npm } from '../../tools/pins.mjs';
import type { Lock } from './lockfile.ts';
import { builtVariants, dockerfilePath, lockPath, variants } from './variants.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFile(join(root, path), 'utf8');

/** The pod that the shipped plan is compiled to. */
async function compiledPod(): Promise<PodSpec> {
  return parse(await read('manifests/production/rollout-forecast.yaml')).spec.template.spec;
}

test.each(builtVariants)(
  'the Dockerfile of %s takes nothing that is not pinned, and leaves nothing to start a shell with',
  async (variant) => {
    const dockerfile = await read(dockerfilePath(variant));
    const arg = (name: string) => new RegExp(`^ARG ${name}=(.+)$`, 'm').exec(dockerfile)?.[1];
    const from = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    // The last stage is what is shipped.
    expect(from).toEqual([`\${BASE}`, 'scratch']);
    expect(arg('BASE')).toMatch(/^docker[.]io\/library\/node:[^@]+@sha256:[0-9a-f]{64}$/);
    expect(arg('BASE')).toContain(`node:${node.version}-bookworm-slim@`);
    expect(arg('NODE_SHA256')).toBe(node.sha256);
    // The words of a step are a list: no shell reads them, in the base or in the image.
    const steps = dockerfile.split('\n').filter((line) => /^(RUN|CMD|ENTRYPOINT|HEALTHCHECK)/.test(line));
    expect(steps.filter((line) => !/ \["[^\]]+"\]$|^CMD \["serve"\]$/.test(line))).toEqual([]);
    expect(dockerfile).not.toMatch(/curl|wget|apt|:latest|npm install|^ADD/m);
    expect(dockerfile).toMatch(/npm-cli[.]js", "ci", .*"--ignore-scripts", "--omit=dev"/);
    expect(dockerfile).toMatch(/^HEALTHCHECK .+CMD \[/m);
  },
);

test.each(builtVariants)('%s runs as pods do', async (variant) => {
  const dockerfile = await read(dockerfilePath(variant));
  const { runAsUser, runAsGroup } = (await compiledPod()).securityContext;
  expect(dockerfile).toContain(`\nUSER ${runAsUser}:${runAsGroup}\n`);
  expect(dockerfile).toContain(`\nEXPOSE ${PORT}\n`);
});

test('docs/images.md says the versions, sizes and packages that are so', async () => {
  const page = await read('docs/images.md');
  const row = (name: string) => new RegExp(`^\\| ${name} \\| (.+?) \\|`, 'm').exec(page)?.[1];
  const debian: { packages: { name: string; version: string }[] } = JSON.parse(
    await read('tools/debian/image-base.json'),
  );
  const version = (name: string) => debian.packages.find((found) => found.name === name)?.version;
  expect(row('Node')).toBe(node.version);
  expect(row('npm, to build')).toBe(npm.version);
  for (const name of ['libc6', 'libgcc-s1', 'libstdc\\+\\+6'])
    expect(row(name)).toBe(version(name.replaceAll('\\', '')));
  for (const variant of variants) {
    const { packages }: Lock = JSON.parse(await readFile(lockPath(root, variant), 'utf8'));
    expect(row(`npm packages, ${variant}`)).toBe(String(Object.keys(packages).length - 1));
  }
  const { requests, limits } = (await compiledPod()).containers[0]?.resources ?? {};
  expect(row('CPU')).toBe(`${requests?.cpu}, at most ${limits?.cpu}`);
  expect(row('memory')).toBe(`${requests?.memory}, at most ${limits?.memory}`);
});
