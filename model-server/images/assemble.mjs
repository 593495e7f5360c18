// Lays out what an image gets from its build stage: `node assemble.mjs`, in cpu.Dockerfile and gpu.Dockerfile. It runs on the base's Node and needs
// no shell. What is not copied here is not in the image: no shell, no package manager, no npm.
//   /image   Node, the libraries that it is linked with, npm's packages: they change seldom, and are a layer of their own
//   /server  our code
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** @type {Readonly<Record<string, { folder: string, loader: string }>>} */
const machines = {
  x64: { folder: 'x86_64-linux-gnu', loader: '/lib64/ld-linux-x86-64.so.2' },
  arm64: { folder: 'aarch64-linux-gnu', loader: '/lib/ld-linux-aarch64.so.1' },
};
const { folder: machineFolder, loader } = machines[process.arch] ?? refuse();

/** What `ldd node` names, by the Debian package that it is of. */
const libraries = {
  libc6: ['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0'],
  'libgcc-s1': ['libgcc_s.so.1'],
  'libstdc++6': ['libstdc++.so.6'],
};

copyNode('/image/usr/local/bin/node');
copyLibraries('/image');
nameTheUser('/image/etc');
mkdirSync('/image/tmp');
copyTree('/app/node_modules', '/image/app/node_modules', (path) => !/\.(map|d\.[cm]?ts)$/.test(path));
copyTree('/app/core', '/server/core', isSource);
copyTree('/app/model-server', '/server/model-server', isSource);
cpSync('/app/package.json', '/server/package.json');
for (const folder of ['/image', '/server']) sameModes(folder);
chmodSync('/image/tmp', 0o1777);

/**
 * The base's Node, if it is the one that gridramp pins.
 * @param {string} target
 */
function copyNode(target) {
  const bytes = readFileSync(process.execPath);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== process.env.NODE_SHA256)
    throw new Error(
      `the base's Node ${process.version} has SHA-256 ${found}, not ${process.env.NODE_SHA256}: take a base with the pinned Node`,
    );
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
}

/**
 * With each package's record, where scanners of images look for it (as in distroless images), and its licence.
 * @param {string} image
 */
function copyLibraries(image) {
  const records = readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n');
  for (const [name, files] of Object.entries(libraries)) {
    for (const file of files) copy(find(file), join(image, 'usr/lib', machineFolder, file));
    const record = records.find((text) => text.startsWith(`Package: ${name}\n`));
    if (record === undefined) throw new Error(`the base has no record of its package ${name}`);
    const kept = join(image, 'var/lib/dpkg/status.d', name);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, `${record.trim()}\n`);
    copy(`/usr/share/doc/${name}/copyright`, join(image, 'usr/share/doc', name, 'copyright'));
  }
  copy(loader, join(image, loader));
}

/** @param {string} file */
function find(file) {
  const places = ['/usr/lib', '/lib'].map((folder) => join(folder, machineFolder, file));
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the base has no ${file} in ${places.map(dirname).join(' or ')}`);
  return found;
}

/** @param {string} etc */
function nameTheUser(etc) {
  mkdirSync(etc);
  writeFileSync(join(etc, 'passwd'), 'gridramp:x:10001:10001::/tmp:/none\n');
  writeFileSync(join(etc, 'group'), 'gridramp:x:10001:\n');
  writeFileSync(join(etc, 'nsswitch.conf'), 'hosts: files dns\n');
}

/** @param {string} path */
function isSource(path) {
  return basename(path) !== 'images' && (lstatSync(path).isDirectory() || path.endsWith('.ts'));
}

/**
 * A file as itself, whatever links lead to it.
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from));
}

/**
 * @param {string} from
 * @param {string} to
 * @param {(path: string) => boolean} filter
 */
function copyTree(from, to, filter) {
  cpSync(from, to, { recursive: true, filter, verbatimSymlinks: true });
}

/**
 * The modes of files come from who built the image, and would be in its digest.
 * @param {string} folder
 */
function sameModes(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sameModes(path);
    else if (entry.isFile()) chmodSync(path, /\/bin\/node$|\.so(\.\d+)*$/.test(path) ? 0o755 : 0o644);
  }
}

/** @returns {never} */
function refuse() {
  throw new Error(`there is no image for ${process.arch}`);
}
