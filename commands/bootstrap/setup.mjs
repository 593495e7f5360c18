import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, npmPackages } from '../../tools/pins.mjs';
import { cacheRoot, folderOf, idOf, isMade, logFolder, make, markUsed, removeUnused } from './artefact.mjs';
import { containerNodeArtefacts, debianArtefact, imageBaseArtefact } from './containers.mjs';
import { Interrupted } from './interrupt.mjs';
import { withLock } from './lock.mjs';
import { installNode, installPackages, nodeFault, packagesFault } from './npm-packages.mjs';
import { findTools } from './prerequisites.mjs';
import { analysisArtefact, labArtefacts } from './programs.mjs';
import { duration, Step } from './progress.mjs';
import { linkBinding, tensorflowArtefacts } from './tensorflow.mjs';

/** @typedef {'npm' | 'analysis' | 'tensorflow' | 'lab' | 'containers' | 'container-node'} Need All include npm's packages; the lab includes all but the containers. */

/**
 * @typedef {object} Part One thing that a command may need, and how to get it.
 * @property {string} name
 * @property {string} title
 * @property {() => boolean} isThere
 * @property {readonly import('./prerequisites.mjs').Tool[]} tools
 * @property {number} typical_s
 * @property {number} disk_mb
 * @property {(work: import('./artefact.mjs').Work) => Promise<void>} get
 */

export const needs = /** @type {const} @satisfies {readonly Need[]} */ ([
  'npm',
  'analysis',
  'tensorflow',
  'lab',
  'containers',
  'container-node',
]);

/** The machine lacks something that we do not install: each line says what, and how to get it. */
export class MissingPrerequisites extends Error {
  /** @param {readonly string[]} faults */
  constructor(faults) {
    super(['this machine lacks what it takes to set up:', ...faults].join('\n  '));
    this.name = 'MissingPrerequisites';
  }
}

/**
 * @param {string} root
 * @returns {Part[]}
 */
function npmParts(root) {
  const fault = packagesFault(root);
  /**
   * One lock for the checkout, and another look once it is held: two commands may start in a fresh clone at the same time.
   * @param {() => string | null} faultNow
   * @param {typeof installPackages} install
   * @returns {Part['get']}
   */
  const alone = (faultNow, install) => (work) =>
    withLock(
      join(root, 'node_modules'),
      async () => {
        if (faultNow() !== null) await install(root, work);
      },
      () => work.say('waiting for another gridramp in this checkout'),
    );
  return [
    {
      name: 'npm',
      title: 'npm packages',
      isThere: () => fault === null,
      tools: ['platform', 'npm'],
      ...npmPackages,
      get: alone(() => packagesFault(root), installPackages),
    },
    {
      name: 'node',
      title: `Node ${node.version}`,
      // An install of the packages takes it away again, so it counts only together with them.
      isThere: () => fault === null && nodeFault(root) === null,
      tools: ['platform', 'npm'],
      typical_s: node.typical_s,
      disk_mb: node.disk_mb,
      get: alone(() => nodeFault(root), installNode),
    },
  ];
}

/**
 * @param {string} cache
 * @param {import('./artefact.mjs').Artefact} artefact
 * @returns {Part}
 */
function cachedPart(cache, artefact) {
  const { title, tools, typical_s, disk_mb } = artefact;
  return {
    name: idOf(artefact),
    title,
    isThere: () => isMade(cache, artefact),
    tools,
    typical_s,
    disk_mb,
    get: (work) => make(cache, artefact, work),
  };
}

/**
 * @param {string} root
 * @param {Need} need
 * @param {string} cache
 * @returns {Part[]}
 */
export function partsFor(root, need, cache) {
  return [...npmParts(root), ...artefactsFor(root, need).map((artefact) => cachedPart(cache, artefact))];
}

/** @param {Need} need */
const takesTensorflow = (need) => need === 'tensorflow' || need === 'lab';

/**
 * @param {string} root
 * @param {Need} need
 */
function artefactsFor(root, need) {
  if (need === 'analysis') return [analysisArtefact(root)];
  if (need === 'containers') return [debianArtefact(root), imageBaseArtefact(root)];
  if (need === 'container-node') return [...containerNodeArtefacts(root).parts];
  return [
    ...(takesTensorflow(need) ? tensorflowArtefacts(root) : []),
    ...(need === 'lab' ? labArtefacts(root).parts : []),
  ];
}

/**
 * @param {string} folder
 * @param {readonly Part[]} missing
 */
export function diskFault(folder, missing) {
  const wanted_mb = missing.reduce((sum, { disk_mb }) => sum + disk_mb, 0);
  const { bavail, bsize } = statfsSync(folder);
  const free_mb = Math.floor((bavail * bsize) / 1_000_000);
  return free_mb >= wanted_mb
    ? null
    : `${folder} has ${free_mb} MB free, and setting up takes about ${wanted_mb} MB: make room or set GRIDRAMP_CACHE to a larger disk`;
}

/**
 * @param {readonly Part[]} missing
 * @param {string} cache
 */
function refuseIfImpossible(missing, cache) {
  const faults = findTools(missing.flatMap(({ tools }) => tools)).flatMap(({ fault, fix }) =>
    fault ? [`${fault}: ${fix}`] : [],
  );
  const full = diskFault(cache, missing);
  if (full) faults.push(full);
  if (faults.length) throw new MissingPrerequisites(faults);
}

/**
 * @param {readonly Part[]} missing
 * @param {string} cache
 * @param {import('./progress.mjs').Terminal} terminal
 */
async function getAll(missing, cache, terminal) {
  const typical_ms = missing.reduce((sum, { typical_s }) => sum + typical_s, 0) * 1000;
  terminal.write(
    `gridramp sets up ${missing.length} parts, once (about ${duration(typical_ms)} on two cores; ${cache})\n`,
  );
  mkdirSync(logFolder(cache), { recursive: true });
  for (const [place, part] of missing.entries()) {
    const step = new Step(terminal, `  ${place + 1} of ${missing.length} ${part.title}`);
    const log = join(logFolder(cache), `${part.name}-${process.pid}.log`);
    writeFileSync(log, `${new Date().toISOString()} ${part.title}\n`);
    try {
      await part.get({ say: (detail) => step.say(detail), log });
      step.end('ready');
    } catch (error) {
      step.end(error instanceof Interrupted ? 'interrupted' : 'failed');
      throw error;
    }
  }
}

/**
 * The lab's programs are linked into one folder; the others lie in folders of their own.
 * @param {string} root
 * @param {Need} need
 */
function binOf(root, need) {
  if (need === 'lab') return labArtefacts(root).bin;
  if (need === 'analysis') return analysisArtefact(root);
  if (need === 'container-node') return containerNodeArtefacts(root).bin;
  return need === 'containers' ? debianArtefact(root) : null;
}

/**
 * Makes sure that what a command needs is there.
 * @param {string} root
 * @param {Need} need
 * @param {import('./progress.mjs').Terminal} terminal
 * @returns {Promise<{ bin: string | null }>} the folder of the programs, when any were asked for
 */
export async function setUp(root, need, terminal) {
  const cache = cacheRoot();
  const bin = binOf(root, need);
  // Before anything is looked for, so that no other clone removes what is found.
  markUsed(cache, [...artefactsFor(root, need), ...(bin ? [bin] : [])]);
  const missing = partsFor(root, need, cache).filter((part) => !part.isThere());
  if (missing.length > 0) {
    mkdirSync(cache, { recursive: true });
    refuseIfImpossible(missing, cache);
    await getAll(missing, cache, terminal);
  }
  if (takesTensorflow(need)) linkBinding(root, cache);
  if (bin && !isMade(cache, bin)) await make(cache, bin, { say: () => {}, log: '' });
  if (missing.length > 0) removeUnused(cache);
  return { bin: bin && folderOf(cache, bin) };
}
