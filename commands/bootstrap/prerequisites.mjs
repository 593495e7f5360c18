import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { minimum } from '../../tools/pins.mjs';
import { atLeast, parseVersion } from './version.mjs';

/** @typedef {'platform' | 'npm' | 'go' | 'python' | 'pip' | 'make' | 'compiler' | 'glibc' | 'root' | 'apt' | 'debian'} Tool */
/** @typedef {{ tool: Tool | 'node', found: string | null, fault: string | null, fix: string }} Finding */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null} the first line of what it says of itself, or null when it cannot be run
 */
function ask(command, args, env = {}) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: '/',
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  return status === 0 ? (stdout.split('\n')[0]?.trim() ?? '') : null;
}

/**
 * @param {string} name
 * @param {string | null} said
 * @param {string} least
 */
export function versionFault(name, said, least) {
  if (said === null) return `${name} is missing (${least} or newer is needed)`;
  const version = parseVersion(said);
  if (!version) return `${name} does not tell its version ("${said}")`;
  return atLeast(version, least) ? null : `${name} ${version.join('.')} is too old (${least} or newer is needed)`;
}

/** @param {string} name @param {string | null} said */
const missing = (name, said) => (said === null ? `${name} is missing` : null);

function findPlatform() {
  const found = `${process.platform}/${process.arch}`;
  const fault = found === 'linux/x64' ? null : `this is ${found}; the lab's binaries are for linux/amd64 alone`;
  return { found, fault, fix: 'use a Linux machine, a virtual machine or WSL 2 with an x86-64 processor' };
}

function findGlibc() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const found = report.header.glibcVersionRuntime ?? null;
  const fault = found === null ? 'the C library is not glibc' : versionFault('glibc', found, minimum.glibc);
  return { found, fault, fix: 'use a distribution with a newer glibc: Debian 11, Ubuntu 20.04, Fedora 32 or later' };
}

/** @type {Readonly<Record<Tool, () => { found: string | null, fault: string | null, fix: string }>>} */
const finders = {
  platform: findPlatform,
  glibc: findGlibc,
  npm() {
    const found = ask('npm', ['--version']);
    return { found, fault: missing('npm', found), fix: 'it comes with Node; on Debian and Ubuntu: apt install npm' };
  },
  go() {
    // A newer toolchain that Go would fetch by itself is not counted: builds here use the installed one and nothing else.
    const found = ask('go', ['version'], { GOTOOLCHAIN: 'local' });
    const fix = 'install it from https://go.dev/dl and put its bin folder in PATH';
    return { found, fault: versionFault('Go', found, minimum.go), fix };
  },
  python() {
    const found = ask('python3', ['--version']);
    const fix = 'on Debian and Ubuntu: apt install python3; on Fedora: dnf install python3';
    return { found, fault: versionFault('Python', found, minimum.python), fix };
  },
  pip() {
    const found = ask('python3', ['-m', 'pip', '--version']);
    const fix = 'on Debian and Ubuntu: apt install python3-pip; on Fedora: dnf install python3-pip';
    return { found, fault: missing('pip for python3', found), fix };
  },
  make() {
    const found = ask('make', ['--version']);
    const fix = 'on Debian and Ubuntu: apt install build-essential; on Fedora: dnf install make';
    return { found, fault: missing('make', found), fix };
  },
  compiler() {
    const command = process.env.CXX || 'g++';
    const found = ask(command, ['--version']);
    const fix =
      'on Debian and Ubuntu: apt install build-essential; on Fedora: dnf install gcc-c++; another one: set CXX';
    return { found, fault: missing(`the C++ compiler ${command}`, found), fix };
  },
  root() {
    const isRoot = process.getuid?.() === 0;
    const fix = 'run it as root (sudo), or do without containers: rehearsals of process pods need no root';
    return { found: isRoot ? 'root' : null, fault: isRoot ? null : 'containers need root', fix };
  },
  apt() {
    const found = ask('apt-get', ['--version']);
    return { found, fault: missing('apt-get', found), fix: 'use a Debian 12 machine or container' };
  },
  debian() {
    const found = /^PRETTY_NAME="(.*)"$/m.exec(osRelease())?.[1] ?? null;
    const isIt = /^VERSION_CODENAME=bookworm$/m.test(osRelease());
    const fault = isIt
      ? null
      : `this is ${found ?? 'no Debian'}, and the container tools are those of Debian 12 (bookworm)`;
    return { found, fault, fix: 'use a Debian 12 machine or container' };
  },
};

function osRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}

/** What only containers need: no fault of a machine that has none. */
const CONTAINERS_ALONE = new Set(['root', 'apt', 'debian']);

/** What every machine is looked at for. */
export const allTools = /** @type {readonly Tool[]} */ (Object.keys(finders)).filter(
  (tool) => !CONTAINERS_ALONE.has(tool),
);

/** @returns {Finding} */
export function findNode() {
  const fault = versionFault('Node', process.version, minimum.node);
  return {
    tool: 'node',
    found: process.version,
    fault,
    fix: `install Node ${parseVersion(minimum.node)?.[0]} or newer from https://nodejs.org`,
  };
}

/**
 * @param {Iterable<Tool>} tools
 * @returns {Finding[]}
 */
export function findTools(tools) {
  return [...new Set(tools)].map((tool) => ({ tool, ...finders[tool]() }));
}
