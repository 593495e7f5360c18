import { cpSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { node, tensorflow, tensorflowBinding } from '../../tools/pins.mjs';
import { folderOf, idOf, keyOf } from './artefact.mjs';
import { nodeBinary, nodeFolder } from './npm-packages.mjs';
import { runProgram } from './run-program.mjs';
import { unpackWheel } from './wheel.mjs';

/** @typedef {import('./artefact.mjs').Artefact} Artefact */

const BINDING = `lib/napi-v${tensorflowBinding.napi}/tfjs_binding.node`;

/** @type {Artefact} */
const library = {
  name: 'tensorflow',
  title: tensorflow.title,
  key: keyOf([1, tensorflow.requirement, tensorflow.sha256]),
  files: [
    'deps/lib/libtensorflow_cc.so.2',
    'deps/lib/libtensorflow_framework.so.2',
    'deps/include/tensorflow/c/c_api.h',
  ],
  tools: ['platform', 'glibc', 'python', 'pip'],
  typical_s: tensorflow.typical_s,
  disk_mb: tensorflow.disk_mb,
  async make(folder, work) {
    const libraries = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
    const headers = ['tensorflow/include/tensorflow/', 'tensorflow/include/tsl/'];
    await unpackWheel(tensorflow, [...libraries, ...headers], folder, work);
    mkdirSync(join(folder, 'deps', 'lib'), { recursive: true });
    renameSync(join(folder, 'tensorflow', 'include'), join(folder, 'deps', 'include'));
    for (const file of libraries)
      renameSync(join(folder, file), join(folder, file.replace('tensorflow/', 'deps/lib/')));
    rmSync(join(folder, 'tensorflow'), { recursive: true });
    // The binding is linked with -ltensorflow, a name that the wheel does not have.
    symlinkSync('libtensorflow_cc.so.2', join(folder, 'deps', 'lib', 'libtensorflow.so'));
    symlinkSync('libtensorflow_framework.so.2', join(folder, 'deps', 'lib', 'libtensorflow_framework.so'));
  },
};

/**
 * npm hands a user's settings down as npm_config_*, and node-gyp lets those override its own command line (a "nodedir", say).
 * @param {NodeJS.ProcessEnv} env
 */
export function withoutNpmSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(package_)?config_/i.test(name)));
}

/**
 * @param {string} root
 * @returns {Artefact}
 */
function binding(root) {
  return {
    name: 'tfjs-binding',
    title: `TensorFlow binding of tfjs-node ${tensorflowBinding.tfjsNode}`,
    key: keyOf([
      1,
      library.key,
      tensorflowBinding.tfjsNode,
      tensorflowBinding.nodeGyp,
      tensorflowBinding.napi,
      node.version,
    ]),
    files: [BINDING, 'deps/lib/libtensorflow_cc.so.2'],
    tools: ['platform', 'python', 'make', 'compiler'],
    typical_s: tensorflowBinding.typical_s,
    disk_mb: tensorflowBinding.disk_mb,
    async make(folder, { say, log }) {
      const source = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
      for (const part of ['binding', 'binding.gyp', 'package.json'])
        cpSync(join(source, part), join(folder, part), { recursive: true });
      symlinkSync(join('..', idOf(library), 'deps'), join(folder, 'deps'));
      say('compiling');
      const gyp = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
      const variables = [
        '--module_name=tfjs_binding',
        `--module_path=${dirname(join(folder, BINDING))}`,
        `--napi_build_version=${tensorflowBinding.napi}`,
      ];
      const env = withoutNpmSettings(process.env);
      await runProgram(nodeBinary(root), [gyp, 'rebuild', `--nodedir=${nodeFolder(root)}`, ...variables], {
        cwd: folder,
        env,
        log,
      });
      rmSync(join(folder, 'build'), { recursive: true });
      say('loading it once');
      await runProgram(nodeBinary(root), ['-e', `require(${JSON.stringify(join(folder, BINDING))})`], {
        cwd: folder,
        env,
        log,
      });
    },
  };
}

/** @param {string} root */
export function tensorflowArtefacts(root) {
  return [library, binding(root)];
}

/**
 * Links tfjs-node's two native folders to the cache. A link that points elsewhere (other pins, another cache) is replaced.
 * @param {string} root
 * @param {string} cache
 */
export function linkBinding(root, cache) {
  const cached = folderOf(cache, binding(root));
  for (const part of ['lib', 'deps']) {
    const link = join(root, 'node_modules', '@tensorflow', 'tfjs-node', part);
    const target = join(cached, part);
    const there = lstatSync(link, { throwIfNoEntry: false });
    if (there?.isSymbolicLink() && readlinkSync(link) === target) continue;
    if (there && !there.isSymbolicLink()) rmSync(link, { recursive: true });
    // Renamed into place, because another command may be starting in this checkout at the same moment.
    const fresh = `${link}.${process.pid}`;
    rmSync(fresh, { force: true });
    symlinkSync(target, fresh);
    renameSync(fresh, link);
  }
}
