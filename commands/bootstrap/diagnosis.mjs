import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { cacheRoot } from './artefact.mjs';
import { nodeFault, packagesFault } from './npm-packages.mjs';
import { allTools, findNode, findTools } from './prerequisites.mjs';
import { duration } from './progress.mjs';
import { diskFault, partsFor } from './setup.mjs';

/**
 * @typedef {object} Diagnosis
 * @property {string} name
 * @property {'ok' | 'pending' | 'fault'} state Pending: not there yet, or not needed now; no command is stopped by it.
 * @property {string} text
 * @property {string | null} fix
 */

/** etcd, the API server, Envoy and Prometheus of one lab together stay below this. */
const LEAST_OPEN_FILES = 4096;
const LEAST_MEMORY_MB = 4000;
/** The lab takes its addresses from 127.100.0.0 upwards; a system that gives loopback one address only has none of them. */
const LAB_ADDRESS = '127.100.0.1';

/**
 * @param {string} name
 * @param {string} found
 * @param {string | null} fault
 * @param {string} fix
 * @returns {Diagnosis}
 */
function judged(name, found, fault, fix) {
  return fault === null ? { name, state: 'ok', text: found, fix: null } : { name, state: 'fault', text: fault, fix };
}

/** @param {string} folder */
function nearestExisting(folder) {
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  return nearest;
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {readonly import('./prerequisites.mjs').Finding[]} findings
 * @param {ReadonlySet<string>} needed
 * @returns {Diagnosis[]}
 */
export function toolDiagnoses(findings, needed) {
  return findings.map(({ tool, found, fault, fix }) =>
    fault !== null && !needed.has(tool)
      ? { name: tool, state: 'pending', text: `${fault}, but everything that it makes is there`, fix }
      : judged(tool, found ?? '', fault, fix),
  );
}

/**
 * @param {string} limits /proc/self/limits
 * @returns {Diagnosis}
 */
export function openFilesDiagnosis(limits) {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? 'unknown';
  const fault =
    hard === 'unlimited' || Number(hard) >= LEAST_OPEN_FILES
      ? null
      : `at most ${hard} open files are allowed (${LEAST_OPEN_FILES} are needed)`;
  return judged(
    'open files',
    `up to ${hard}`,
    fault,
    'raise it: `ulimit -Hn 65536` as root, or nofile in /etc/security/limits.conf and log in again',
  );
}

/**
 * @param {string} meminfo /proc/meminfo
 * @returns {Diagnosis}
 */
export function memoryDiagnosis(meminfo) {
  const total_mb = Math.round((Number(/^MemTotal:\s+(\d+) kB/m.exec(meminfo)?.[1] ?? Number.NaN) * 1024) / 1e6);
  const fault =
    total_mb >= LEAST_MEMORY_MB ? null : `this machine has ${total_mb} MB of memory (${LEAST_MEMORY_MB} are needed)`;
  return judged('memory', `${total_mb} MB`, fault, 'use a larger machine, or give the virtual machine more memory');
}

/** @returns {Promise<Diagnosis>} */
function loopbackDiagnosis() {
  const fix =
    'run `ip link set lo up` as root; in a container, give it a network namespace with the whole of 127.0.0.0/8';
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve(judged('loopback', '', `${LAB_ADDRESS} cannot be listened on: ${error.message}`, fix)),
    );
    server.listen(0, LAB_ADDRESS, () =>
      server.close(() => resolve(judged('loopback', `${LAB_ADDRESS} can be listened on`, null, fix))),
    );
  });
}

/**
 * @param {readonly import('./setup.mjs').Part[]} missing
 * @param {string} cache
 * @returns {Diagnosis[]}
 */
function diskDiagnoses(missing, cache) {
  const folder = nearestExisting(cache);
  const unwritable = isWritable(folder) ? null : `${folder} cannot be written to`;
  return [
    judged('cache', cache, unwritable, 'make it writable or set GRIDRAMP_CACHE to a folder that is'),
    judged('disk', 'enough free space', diskFault(folder, missing), 'free the space and repeat'),
  ];
}

/**
 * @param {import('./setup.mjs').Part} part
 * @param {string | null} why
 * @returns {Diagnosis}
 */
function partDiagnosis({ title, isThere, typical_s }, why) {
  if (isThere()) return { name: title, state: 'ok', text: 'ready', fix: null };
  const fix = `the first \`npm run rehearse\` or \`npm test\` sees to it (about ${duration(typical_s * 1000)})`;
  return { name: title, state: 'pending', text: `not ready${why ? `: ${why}` : ''}`, fix };
}

/**
 * Everything that a command may trip over, looked at in one go.
 * @param {string} root
 * @returns {Promise<Diagnosis[]>}
 */
export async function diagnose(root) {
  const cache = cacheRoot();
  const parts = partsFor(root, 'lab', cache);
  const missing = parts.filter((part) => !part.isThere());
  const needed = new Set(['node', 'platform', 'npm', ...missing.flatMap(({ tools }) => tools)]);
  const reasons = new Map([
    ['npm', packagesFault(root)],
    ['node', nodeFault(root)],
  ]);
  return [
    ...toolDiagnoses([findNode(), ...findTools(allTools)], needed),
    await loopbackDiagnosis(),
    openFilesDiagnosis(readFileSync('/proc/self/limits', 'utf8')),
    memoryDiagnosis(readFileSync('/proc/meminfo', 'utf8')),
    ...diskDiagnoses(missing, cache),
    ...parts.map((part) => partDiagnosis(part, reasons.get(part.name) ?? null)),
  ];
}

const MARKS = { ok: '✓', pending: '·', fault: '✗' };

/**
 * @param {readonly Diagnosis[]} diagnoses
 * @returns {string}
 */
export function asLines(diagnoses) {
  const lines = diagnoses.map(
    ({ name, state, text, fix }) => `${MARKS[state]} ${name}: ${text}${fix ? `\n    ${fix}` : ''}`,
  );
  const faults = diagnoses.filter(({ state }) => state === 'fault').length;
  const ending = faults === 0 ? 'no faults' : faults === 1 ? '1 fault' : `${faults} faults`;
  return [...lines, ending].join('\n');
}
