import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../../tools/pins.mjs';
import { idOf, keyOf } from './artefact.mjs';
import { nodeArtefacts } from './go-programs.mjs';
import { runProgram } from './run-program.mjs';

/**
 * @typedef {object} DebianPackages What tools/debian/packages.json pins.
 * @property {string} release Its codename: the packages link that release's C library.
 * @property {readonly { name: string, version: string, sha256: string }[]} packages
 */

/**
 * Where each program lies below the unpacked root, and what it must be told because it lies there and not in `/`.
 * @type {Readonly<Record<string, { path: string, env?: string }>>}
 */
const programs = {
  containerd: { path: 'usr/bin/containerd' },
  'containerd-shim-runc-v2': { path: 'usr/bin/containerd-shim-runc-v2' },
  ctr: { path: 'usr/bin/ctr' },
  runc: { path: 'usr/sbin/runc' },
  buildah: { path: 'usr/bin/buildah' },
  debootstrap: { path: 'usr/sbin/debootstrap', env: 'DEBOOTSTRAP_DIR="$root/usr/share/debootstrap"' },
};

/** Where CNI's plugins are. */
const CNI_FOLDER = 'root/usr/lib/cni';

/**
 * @param {string} root
 * @returns {DebianPackages}
 */
export function debianPackages(root) {
  return JSON.parse(readFileSync(join(root, 'tools', 'debian', 'packages.json'), 'utf8'));
}

/**
 * A program of the unpacked root with the libraries that came with it. It finds its root by its own place, as the folder is renamed
 * after it was made and linked to from others.
 * @param {{ path: string, env?: string }} program
 */
function wrapper({ path, env = '' }) {
  return `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
libraries=$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu
${env ? `export ${env}\n` : ''}LD_LIBRARY_PATH=$libraries exec "$root/${path}" "$@"
`;
}

/**
 * Fetches the packages by apt, into folders of its own: neither the machine's packages nor its lists change.
 * @param {DebianPackages} pins
 * @param {string} folder
 * @param {import('./artefact.mjs').Work} work
 */
async function fetchPackages({ packages }, folder, { say, log }) {
  for (const made of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, made), { recursive: true });
  const settings = [`Dir::State::Lists=${folder}/lists`, `Dir::Cache=${folder}/cache`, 'APT::Sandbox::User=root'];
  const options = ['-q', ...settings.flatMap((setting) => ['-o', setting])];
  say('reading the lists of packages');
  await runProgram('apt-get', [...options, 'update'], { cwd: folder, log });
  say('fetching the packages');
  const wanted = packages.map(({ name, version }) => `${name}=${version}`);
  await runProgram('apt-get', [...options, 'download', ...wanted], { cwd: folder, log });
}

/**
 * Fetches the packages, holds each against its digest and unpacks them into the folder's `root/`.
 * @param {DebianPackages} pins
 * @param {string} folder
 * @param {import('./artefact.mjs').Work} work
 * @returns {Promise<string>} their records, as in dpkg's own list of what is installed
 */
async function unpackPackages(pins, folder, work) {
  const fetched = join(folder, '.fetched');
  mkdirSync(fetched);
  await fetchPackages(pins, fetched, work);
  work.say('checking and unpacking');
  const debs = new Map(
    readdirSync(fetched)
      .filter((name) => name.endsWith('.deb'))
      .map((name) => [name.split('_')[0], join(fetched, name)]),
  );
  let records = '';
  for (const { name, sha256 } of pins.packages) {
    const deb = debs.get(name);
    if (deb === undefined) throw new Error(`apt-get fetched no ${name}; see ${work.log}`);
    const found = createHash('sha256').update(readFileSync(deb)).digest('hex');
    if (found !== sha256) throw new Error(`${name} has SHA-256 ${found}, and its pin in tools/debian says ${sha256}`);
    await runProgram('dpkg-deb', ['-x', deb, join(folder, 'root')], { cwd: folder, log: work.log });
    records += `${await runProgram('dpkg-deb', ['-f', deb], { cwd: folder, log: work.log })}\n`;
  }
  rmSync(fetched, { recursive: true });
  return records;
}

/**
 * Debian's containerd, runc, CNI plugins, buildah and debootstrap, unpacked and not installed.
 * @param {string} root
 * @returns {import('./artefact.mjs').Artefact}
 */
export function debianArtefact(root) {
  const pins = debianPackages(root);
  return {
    name: 'debian',
    title: `container tools of Debian ${pins.release}`,
    key: keyOf([1, pins, Object.values(programs).map(wrapper)]),
    files: [
      ...Object.keys(programs),
      ...Object.values(programs).map(({ path }) => join('root', path)),
      join(CNI_FOLDER, 'bridge'),
    ],
    tools: ['platform', 'root', 'apt', 'debian'],
    typical_s: 20,
    disk_mb: 400,
    async make(folder, work) {
      await unpackPackages(pins, folder, work);
      for (const [name, program] of Object.entries(programs)) {
        writeFileSync(join(folder, name), wrapper(program));
        chmodSync(join(folder, name), 0o755);
      }
    },
  };
}

/**
 * What a node of containers takes: Debian's tools and a kubelet, and one folder that links to all of it, CNI's plugins in `cni`.
 * @param {string} root
 * @returns {{ parts: readonly import('./artefact.mjs').Artefact[], bin: import('./artefact.mjs').Artefact }}
 */
export function containerNodeArtefacts(root) {
  const debian = debianArtefact(root);
  const built = nodeArtefacts(root);
  const links = [
    ...Object.keys(programs).map((name) => [name, join(idOf(debian), name)]),
    ...built.flatMap((artefact) => artefact.files.map((file) => [file, join(idOf(artefact), file)])),
    ['cni', join(idOf(debian), CNI_FOLDER)],
  ];
  const bin = {
    name: 'container-node',
    title: 'folder of a container node',
    key: keyOf([1, links]),
    files: links.map(([name = '']) => name),
    tools: [],
    typical_s: 0,
    disk_mb: 0,
    /** @param {string} folder */
    async make(folder) {
      for (const [name = '', target = ''] of links) symlinkSync(join('..', target), join(folder, name));
    },
  };
  return { parts: [debian, ...built], bin };
}

/**
 * What images are made from where no registry of images is reached: Debian's C and C++ libraries and npm, by version and digest. Node is the checkout's own.
 * @param {string} root
 * @returns {import('./artefact.mjs').Artefact}
 */
export function imageBaseArtefact(root) {
  /** @type {DebianPackages} */
  const pins = JSON.parse(readFileSync(join(root, 'tools', 'debian', 'image-base.json'), 'utf8'));
  const npmFolder = 'root/usr/local/lib/node_modules/npm';
  return {
    name: 'image-base',
    title: `base of images: libraries of Debian ${pins.release} and npm ${npm.version}`,
    key: keyOf([1, pins, npm.version, npm.integrity]),
    files: ['root/var/lib/dpkg/status', `${npmFolder}/bin/npm-cli.js`],
    tools: ['platform', 'npm', 'apt', 'debian'],
    typical_s: 10,
    disk_mb: 60,
    async make(folder, work) {
      const records = await unpackPackages(pins, folder, work);
      mkdirSync(join(folder, 'root/var/lib/dpkg'), { recursive: true });
      writeFileSync(join(folder, 'root/var/lib/dpkg/status'), records);
      work.say('fetching npm');
      await runProgram('npm', ['pack', `npm@${npm.version}`], { cwd: folder, log: work.log });
      const tarball = join(folder, `npm-${npm.version}.tgz`);
      const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
      if (found !== npm.integrity)
        throw new Error(`npm ${npm.version} has ${found}, and tools/pins.mjs says ${npm.integrity}`);
      mkdirSync(join(folder, npmFolder), { recursive: true });
      const unpack = ['-xzf', tarball, '--strip-components=1', '--no-same-owner', '-C', join(folder, npmFolder)];
      await runProgram('tar', unpack, { cwd: folder, log: work.log });
      rmSync(tarball);
    },
  };
}
