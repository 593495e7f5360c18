import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { LEADS } from '../../core/record.ts';
import { FEATURES } from '../features.ts';

type LiteRt = typeof import('@litertjs/core');

let loading: Promise<LiteRt> | undefined;

/**
 * A model run by LiteRT itself, Google's interpreter of TensorFlow Lite models, compiled to WebAssembly: what any other program makes of the
 * file. n × FEATURES → n × LEADS, row by row.
 */
export async function runByLiteRt(model: Uint8Array, features: Float32Array): Promise<Float32Array> {
  loading ??= load();
  const { loadAndCompile, Tensor } = await loading;
  const compiled = await loadAndCompile(model, { accelerator: 'wasm' });
  const rows = features.length / FEATURES;
  const residuals = new Float32Array(rows * LEADS);
  for (let row = 0; row < rows; row++) {
    const input = new Tensor(features.slice(row * FEATURES, (row + 1) * FEATURES), [1, FEATURES]);
    const [output] = await compiled.run([input]);
    if (output === undefined) throw new Error('LiteRT gave no output');
    residuals.set(await output.data(), row * LEADS);
    output.delete();
    input.delete();
  }
  compiled.delete();
  return residuals;
}

/** The build that adds up in the same order on every processor: the others use "relaxed" instructions, which need not. */
const BUILD = 'wasm/litert_wasm_compat_internal.js';

/**
 * The package is made for browsers: its script is loaded by `importScripts`, as in a web worker, and leaves its factory in `self`. What it tells
 * the console is that there is no GPU, which nobody asked for, and how it starts.
 */
async function load(): Promise<LiteRt> {
  const litert = await import('@litertjs/core');
  const folder = dirname(createRequire(import.meta.url).resolve('@litertjs/core/package.json'));
  const browser = { self: globalThis, importScripts: loadScript, Module: { printErr: tellErrors } };
  const { warn } = console;
  Object.assign(globalThis, browser);
  console.warn = () => {};
  try {
    await litert.loadLiteRt(join(folder, BUILD));
  } finally {
    console.warn = warn;
    for (const name of Object.keys(browser)) Reflect.deleteProperty(globalThis, name);
  }
  return litert;
}

function tellErrors(line: string): void {
  if (!/^(INFO|WARNING):/.test(line)) console.error(line);
}

/** As CommonJS, whatever the package's own package.json calls it. */
function loadScript(path: string): void {
  const module: { exports: unknown } = { exports: undefined };
  const names = ['require', 'module', 'exports', '__filename', '__dirname'];
  const run = compileFunction(readFileSync(path, 'utf8'), names, { filename: path });
  run(createRequire(path), module, {}, path, dirname(path));
  Object.assign(globalThis, { ModuleFactory: module.exports });
}
