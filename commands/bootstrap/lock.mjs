import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { stop } from './interrupt.mjs';

/** Longer than any cold build is expected to take, so that a holder that hangs does not hang everybody for good. */
const LONGEST_WAIT_MS = 2 * 60 * 60 * 1000;

/**
 * The lock is a listening socket in Linux's abstract namespace. The kernel takes it away from a process that dies, however it dies,
 * so there is no stale lock to recognise; and who waits is told by the end of a connection instead of asking again and again.
 * The name fills the address to its last byte because Node versions differ in how they pad a shorter one.
 * @param {string} name
 */
function address(name) {
  const digest = createHash('sha256').update(`${process.getuid?.()} ${name}`).digest('hex');
  return `\0${`gridramp-${digest}`.padEnd(107, '-')}`;
}

/**
 * @param {string} path
 * @returns {Promise<(() => void) | null>} what releases it, or null when another process holds it
 */
function tryToHold(path) {
  return new Promise((resolve, reject) => {
    /** @type {Set<import('node:net').Socket>} */
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => socket.destroy()).once('close', () => waiting.delete(socket));
    });
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    const release = () => {
      server.close();
      for (const socket of waiting) socket.destroy();
    };
    server.listen(path, () => resolve(release));
  });
}

/**
 * @param {string} path
 * @param {number} longest_ms
 * @returns {Promise<void>} when the holder has let go or is gone
 */
function untilReleased(path, longest_ms) {
  return new Promise((resolve, reject) => {
    const waiting = connect(path).resume();
    const bound = setTimeout(() => {
      waiting.destroy();
      reject(
        new Error(
          `another gridramp process has been setting this up for ${longest_ms / 60_000} minutes; end it and repeat`,
        ),
      );
    }, longest_ms);
    const giveUp = () => {
      waiting.destroy();
      reject(stop.reason);
    };
    stop.addEventListener('abort', giveUp, { once: true });
    // Any error here (refused, reset) means that the holder went away between our two calls; the caller tries to hold the lock again.
    waiting.on('error', () => waiting.destroy());
    waiting.once('close', () => {
      clearTimeout(bound);
      stop.removeEventListener('abort', giveUp);
      resolve();
    });
  });
}

/**
 * Runs `work` while no other process on this machine does anything under the same name.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {() => void} onWait
 * @returns {Promise<T>}
 */
export async function withLock(name, work, onWait = () => {}) {
  const path = address(name);
  const deadline_ms = Date.now() + LONGEST_WAIT_MS;
  let release = await tryToHold(path);
  while (!release) {
    onWait();
    await untilReleased(path, Math.max(deadline_ms - Date.now(), 1));
    release = await tryToHold(path);
  }
  try {
    return await work();
  } finally {
    release();
  }
}
