import { spawnSync } from 'node:child_process';

/** @type {boolean | undefined} */
let isPossible;

/**
 * Asks the kernel to send `signal` to the program when this process is gone, even by `kill -9`: a compiler or an npm must not go on working
 * in a folder that our successor is about to use, and a rehearsal must not go on unseen. setpriv is part of util-linux; where it is
 * missing the program runs without.
 * @param {'SIGTERM' | 'SIGKILL'} signal
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[string, readonly string[]]} what to spawn
 */
export function dyingWithUs(signal, command, args) {
  isPossible ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return isPossible ? ['setpriv', ['--pdeathsig', signal.slice(3), '--', command, ...args]] : [command, args];
}
