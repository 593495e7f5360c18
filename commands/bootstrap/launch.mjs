import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { dyingWithUs } from './dying-with-us.mjs';
import { nodeBinary } from './npm-packages.mjs';

/**
 * On a terminal Ctrl-C reaches the command by itself; passing it on as well would make one keystroke count twice.
 */
function signalsToPassOn() {
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  return /** @type {NodeJS.Signals[]} */ (onTerminal ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']);
}

/**
 * Runs the command under Node 22 and tells how it ended.
 * @param {string} root
 * @param {readonly string[]} command
 * @param {string | null} bin
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
export function launch(root, command, bin) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].filter(Boolean).join(delimiter);
  const env = { ...process.env, PATH: path, ...(bin ? { GRIDRAMP_BIN: bin } : {}) };
  return new Promise((resolve, reject) => {
    const [program, args] = dyingWithUs('SIGTERM', nodeBinary(root), command);
    const child = spawn(program, args, { stdio: 'inherit', env });
    // This process ends when the command has ended and in the same way, so a signal is never its end by itself.
    const onInterrupt = () => {};
    process.on('SIGINT', onInterrupt);
    const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    const passedOn = signalsToPassOn();
    for (const signal of passedOn) process.on(signal, passOn);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', onInterrupt);
      for (const passed of passedOn) process.off(passed, passOn);
      resolve({ code, signal });
    });
  });
}
