import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { withLock } from './lock.mjs';

/**
 * @typedef {object} Artefact Something that is made once and kept in a folder of the cache, named by everything that went into it.
 * @property {string} name
 * @property {string} title
 * @property {string} key
 * @property {readonly string[]} files What must be in the folder, or it is made again.
 * @property {readonly import('./prerequisites.mjs').Tool[]} tools What it takes to make it.
 * @property {number} typical_s
 * @property {number} disk_mb
 * @property {(folder: string, work: Work) => Promise<void>} make
 */

/**
 * @typedef {object} Work What a maker is given: how to say what it is doing, and where its programs write what they say.
 * @property {(detail: string) => void} say
 * @property {string} log
 */

/** What makes a folder of the cache whole: each file's size, written last. */
const MANIFEST = 'artefact.json';
const UNUSED_DAYS = 90;

export function cacheRoot(env = process.env) {
  return resolve(env.GRIDRAMP_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gridramp'));
}

/**
 * A key names its inputs: equal inputs, equal folder, whichever clone asks.
 * @param {readonly unknown[]} inputs
 */
export function keyOf(inputs) {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
}

/** @param {string} cache */
export function logFolder(cache) {
  return join(cache, 'logs');
}

/** @param {Artefact} artefact */
export function idOf({ name, key }) {
  return `${name}-${key}`;
}

/**
 * @param {string} cache
 * @param {Artefact} artefact
 */
export function folderOf(cache, artefact) {
  return join(cache, idOf(artefact));
}

/**
 * True when every file is there in the size it was made in: a disk that ran full or a file that was removed shows here, not in the lab.
 * @param {string} cache
 * @param {Artefact} artefact
 */
export function isMade(cache, artefact) {
  const folder = folderOf(cache, artefact);
  try {
    const sizes = new Map(Object.entries(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')).sizes));
    return artefact.files.every((file) => sizes.get(file) === statSync(join(folder, file)).size);
  } catch {
    // Whatever is wrong with the folder, the answer is the same: it is not whole, and will be made again.
    return false;
  }
}

/**
 * Makes the artefact in a folder beside its own and renames it into place, so that a folder with the right name is a whole one.
 * @param {string} cache
 * @param {Artefact} artefact
 * @param {Work} work
 */
export async function make(cache, artefact, work) {
  const folder = folderOf(cache, artefact);
  mkdirSync(cache, { recursive: true });
  await withLock(
    folder,
    async () => {
      if (isMade(cache, artefact)) return;
      // Same depth as the final folder, so that relative links between artefacts are right already while one is being made.
      const unfinished = join(cache, `.making-${idOf(artefact)}`);
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished);
      try {
        await artefact.make(unfinished, work);
        const sizes = Object.fromEntries(artefact.files.map((file) => [file, statSync(join(unfinished, file)).size]));
        writeFileSync(join(unfinished, MANIFEST), `${JSON.stringify({ title: artefact.title, sizes }, null, 2)}\n`);
        rmSync(folder, { recursive: true, force: true });
        renameSync(unfinished, folder);
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
    },
    () => work.say('waiting for another gridramp that is making it'),
  );
}

/** What a folder answers that is not made yet, or that lies in a cache which we may only read and which others keep tidy. */
const NOT_OURS_TO_MARK = new Set(['ENOENT', 'EACCES', 'EPERM', 'EROFS']);

/**
 * Says that these are in use, or another clone that makes something would take them for left over.
 * @param {string} cache
 * @param {readonly Artefact[]} used
 * @param {Date} now
 */
export function markUsed(cache, used, now = new Date()) {
  for (const artefact of used) {
    try {
      utimesSync(folderOf(cache, artefact), now, now);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && NOT_OURS_TO_MARK.has(String(error.code)))) throw error;
    }
  }
}

/**
 * Removes what no clone has used for a season: pins move on and each set of binaries takes a gigabyte.
 * @param {string} cache
 * @param {Date} now
 */
export function removeUnused(cache, now = new Date()) {
  const oldest_ms = now.getTime() - UNUSED_DAYS * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (existsSync(join(folder, MANIFEST)) && statSync(folder).mtimeMs < oldest_ms)
      rmSync(folder, { recursive: true, force: true });
  }
  for (const log of readdirSync(logFolder(cache))) {
    if (statSync(join(logFolder(cache), log)).mtimeMs < oldest_ms) rmSync(join(logFolder(cache), log), { force: true });
  }
}
