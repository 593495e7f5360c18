import { spawnSync } from 'node:child_process';
import { minimum } from '../../tools/pins.mjs';
import { atLeast, parseVersion } from './version.mjs';

/** @typedef {'platform' | 'npm' | 'go' | 'python' | 'pip' | 'make' | 'compiler' | 'glibc'} Tool */
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
};

export const allTools = /** @type {readonly Tool[]} */ (Object.keys(finders));

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
