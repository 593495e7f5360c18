import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ImageFacts } from './build.ts';
import type { Lock } from './lockfile.ts';
import { type BuiltVariant, dockerfilePath, lockPath } from './variants.ts';

const run = promisify(execFile);

/**
 * Where an image comes from: an in-toto statement (v1) with SLSA's provenance (v1) of the files, base and packages by digest. It is not signed, and
 * has no time: the same commit, the same statement. A checkout with changes that are not committed says so and names no commit.
 */
export async function provenance(root: string, variant: BuiltVariant, { digest, base }: ImageFacts): Promise<object> {
  const commit = await git(root, 'rev-parse', 'HEAD');
  const changed = (await git(root, 'status', '--porcelain', '--', 'core', 'model-server', '.dockerignore')) !== '';
  const [name = '', baseDigest = ''] = base.split('@sha256:');
  const dockerfile = dockerfilePath(variant);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `gridramp/model-server-${variant}`, digest: { sha256: digest.replace('sha256:', '') } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:gridramp:image:v1',
        externalParameters: { variant, dockerfile },
        internalParameters: { uncommitted_changes: changed },
        resolvedDependencies: [
          ...(changed ? [] : [{ uri: 'git+urn:gridramp', digest: { gitCommit: commit } }]),
          { uri: `oci:${name}`, digest: { sha256: baseDigest } },
          { uri: dockerfile, digest: { sha256: await sha256(join(root, dockerfile)) } },
          ...(await packages(root, variant)),
        ],
      },
      runDetails: { builder: { id: 'urn:gridramp:npm-run-image' } },
    },
  };
}

async function packages(root: string, variant: BuiltVariant): Promise<object[]> {
  const { packages: locked }: Lock = JSON.parse(await readFile(lockPath(root, variant), 'utf8'));
  return Object.entries(locked).flatMap(([path, { version, integrity = '' }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const sha512 = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
    return path === '' ? [] : [{ uri: `pkg:npm/${name.replace('@', '%40')}@${version}`, digest: { sha512 } }];
  });
}

async function git(root: string, ...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: root })).stdout.trim();
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
