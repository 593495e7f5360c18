import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dyingWithUs } from './dying-with-us.mjs';
import { stop } from './interrupt.mjs';

/** Output that is asked for (`go mod download -json`) is a few kilobytes; more than this is a mistake. */
const MOST_OUTPUT_BYTES = 4_000_000;
const LAST_LINES = 15;
const PATIENCE_MS = 3_000;

/** A program that was run for a step has failed. The message is complete: what, how it ended, its last words, where the rest is. */
export class ProgramError extends Error {
  /**
   * @param {string} command
   * @param {string} ending
   * @param {string} log
   */
  constructor(command, ending, log) {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
    super(
      `\`${command}\` ${ending}; its last lines:\n${lines.map((line) => `    ${line}`).join('\n')}\n  everything it said: ${log}`,
    );
    this.name = 'ProgramError';
  }
}

/**
 * Runs a program to its end, its output going to the log.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, log: string }} options
 * @returns {Promise<string>} what it wrote to its standard output
 */
export async function runProgram(command, args, { cwd, env = process.env, log }) {
  stop.throwIfAborted();
  const shown = [command, ...args].join(' ');
  const file = openSync(log, 'a');
  try {
    writeSync(file, `\n$ cd ${cwd} && ${shown}\n`);
    const [program, programArgs] = dyingWithUs('SIGKILL', command, args);
    const child = spawn(program, programArgs, { cwd, env, stdio: ['ignore', 'pipe', file] });
    const end = () => {
      child.kill('SIGTERM');
      // npm first finishes and then takes back what it did, for minutes; what is unfinished is of no use to anybody.
      setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
    };
    stop.addEventListener('abort', end);
    let output = '';
    let size = 0;
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => {
      writeSync(file, chunk);
      size += chunk.length;
      if (size <= MOST_OUTPUT_BYTES) output += chunk;
    });
    const ending = await new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('close', (code, signal) =>
        resolve(code === 0 ? null : signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
      );
    });
    stop.removeEventListener('abort', end);
    stop.throwIfAborted();
    if (ending !== null) throw new ProgramError(shown, ending, log);
    return output;
  } finally {
    closeSync(file);
  }
}
