import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { goPrograms, nodePrograms } from '../../tools/pins.mjs';
import { keyOf } from './artefact.mjs';
import { runProgram } from './run-program.mjs';

/** @typedef {import('../../tools/pins.mjs').GoPrograms} GoPrograms */
/** @typedef {import('../../tools/pins.mjs').Replacement} Replacement */

/**
 * What a user's shell or Go configuration may say otherwise and must not reach the build. An empty GOFLAGS would fall back to the
 * user's file, so it says something. Static binaries need no C library and no compiler.
 */
const GO_SETTINGS = {
  GOFLAGS: '-mod=readonly',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GOOS: 'linux',
  GOARCH: 'amd64',
  CGO_ENABLED: '0',
};

/**
 * @param {string} root
 * @param {string} folder
 */
function toolFolder(root, folder) {
  return join(root, 'tools', folder);
}

/**
 * The contents of the folder's go.mod and go.sum: all that the Go command needs to find exactly the same sources again.
 * @param {string} root
 * @param {string} folder
 */
export function goPins(root, folder) {
  return ['go.mod', 'go.sum'].map((file) => readFileSync(join(toolFolder(root, folder), file), 'utf8'));
}

/**
 * The program's own sources, where it is one of ours that links foreign modules.
 * @param {string} root
 * @param {string} folder
 */
function goSources(root, folder) {
  const names = readdirSync(toolFolder(root, folder)).filter((name) => name.endsWith('.go'));
  return names.sort().map((name) => readFileSync(join(toolFolder(root, folder), name), 'utf8'));
}

/**
 * @param {GoPrograms} pins
 * @returns {string[]}
 */
export function buildFlags({ tags, variables }) {
  const assignments = Object.entries(variables).map(([name, value]) => ` -X ${name}=${value}`);
  return [
    '-trimpath',
    '-buildvcs=false',
    ...(tags.length ? [`-tags=${tags.join(',')}`] : []),
    `-ldflags=-s -w${assignments.join('')}`,
  ];
}

/**
 * Where the Go command has put a module of the folder's go.mod, fetched and checked against its go.sum.
 * @param {string} root
 * @param {string} folder
 * @param {string} module
 * @param {string} version
 * @param {import('./artefact.mjs').Work} work
 */
export async function moduleSource(root, folder, module, version, { say, log }) {
  say(`fetching ${module}`);
  // Read beforehand: `go mod download` adds a sum that is missing, and would then be checked against its own answer.
  const [, goSum = ''] = goPins(root, folder);
  const env = { ...process.env, ...GO_SETTINGS };
  const said = await runProgram('go', ['mod', 'download', '-json', module], {
    cwd: toolFolder(root, folder),
    env,
    log,
  });
  const { Dir: source, Version: found, Sum: sum } = JSON.parse(said);
  if (found !== version || !goSum.split('\n').includes(`${module} ${version} ${sum}`)) {
    throw new Error(
      `tools/${folder} gives ${module} ${found} (${sum}), which is not what tools/pins.mjs and go.sum say (${version})`,
    );
  }
  return String(source);
}

/**
 * @param {string} source
 * @param {Replacement} replacement
 */
export function replaceOnce(source, { file, from, to }) {
  const count = source.split(from).length - 1;
  if (count !== 1)
    throw new Error(
      `${file} has ${from} ${count} times, not once: look at the new source and adapt the replacement in tools/pins.mjs`,
    );
  return source.replace(from, () => to);
}

/** Made for one build and removed after it. */
const CHANGED = { sources: '.changed', goMod: '.changed.mod', goSum: '.changed.sum' };

/**
 * Copies modules out of Go's read-only cache, each with its one replacement in it, and writes a go.mod that takes them from there. (Go's own
 * -overlay would be shorter, but it refuses files of the module cache.)
 * @param {string} root
 * @param {string} folder
 * @param {GoPrograms} pins
 * @param {readonly Replacement[]} replacements
 * @param {import('./artefact.mjs').Work} work
 * @returns {Promise<string>} the go.mod
 */
async function writeChanged(root, folder, pins, replacements, work) {
  mkdirSync(join(folder, CHANGED.sources));
  const [written = '', goSum = ''] = goPins(root, pins.folder);
  let goMod = written;
  for (const [n, replacement] of replacements.entries()) {
    const source = await moduleSource(root, pins.folder, replacement.module, replacement.version, work);
    const copy = join(folder, CHANGED.sources, String(n));
    copyChanged(source, copy, replacement);
    goMod += `\nreplace ${replacement.module} => ${JSON.stringify(copy)}\n`;
  }
  writeFileSync(join(folder, CHANGED.goSum), goSum);
  writeFileSync(join(folder, CHANGED.goMod), goMod);
  return join(folder, CHANGED.goMod);
}

/**
 * @param {string} source
 * @param {string} copy
 * @param {Replacement} replacement
 */
function copyChanged(source, copy, replacement) {
  mkdirSync(copy);
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const target = join(copy, relative(source, path));
    if (entry.isDirectory()) mkdirSync(target, { recursive: true });
    else if (relative(source, path) !== replacement.file) copyFileSync(path, target);
  }
  const changed = replaceOnce(readFileSync(join(source, replacement.file), 'utf8'), replacement);
  writeFileSync(join(copy, replacement.file), changed);
}

/**
 * @param {string} root
 * @param {GoPrograms} pins
 * @returns {import('./artefact.mjs').Artefact}
 */
function goArtefact(root, pins) {
  return {
    name: pins.folder,
    title: pins.title,
    // The Go release is not in the key: an update of Go must not cost everybody a quarter of an hour (docs/decisions/bootstrap-cache.md).
    key: keyOf([
      ...[1, GO_SETTINGS, buildFlags(pins), pins.programs, pins.replacements],
      ...[...goPins(root, pins.folder), ...goSources(root, pins.folder)],
    ]),
    files: Object.keys(pins.programs),
    tools: ['platform', 'go'],
    typical_s: pins.typical_s,
    disk_mb: pins.disk_mb,
    async make(folder, work) {
      const changed = pins.replacements && (await writeChanged(root, folder, pins, pins.replacements, work));
      const flags = [...buildFlags(pins), ...(changed ? [`-modfile=${changed}`] : [])];
      const env = { ...process.env, ...GO_SETTINGS };
      for (const [name, source] of Object.entries(pins.programs)) {
        work.say(`building ${name}`);
        const options = { cwd: toolFolder(root, pins.folder), env, log: work.log };
        await runProgram('go', ['build', ...flags, '-o', join(folder, name), source], options);
      }
      for (const leftover of Object.values(CHANGED)) rmSync(join(folder, leftover), { recursive: true, force: true });
    },
  };
}

/** @param {string} root */
export function goArtefacts(root) {
  return goPrograms.map((pins) => goArtefact(root, pins));
}

/** @param {string} root */
export function nodeArtefacts(root) {
  return nodePrograms.map((pins) => goArtefact(root, pins));
}
