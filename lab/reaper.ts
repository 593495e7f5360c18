/**
 * A small process beside every lab, in a session of its own, that outlives the lab's runner however that ends: when the channel to the
 * runner closes, every process that carries the lab's mark is killed and the lab's folder removed. Run as a program: reaper.ts ID DIR.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../core/error-code.ts';
import { removeLeftovers } from './container-leftovers.ts';
import { boundLog } from './process-log.ts';

/** Environment variable by which a lab's processes, and theirs, are known: its value is the lab's id. */
export const LAB_MARK = 'GRIDRAMP_LAB';
/** The reaper's own mark, so that it is found and never reaps itself. */
export const REAPER_MARK = 'GRIDRAMP_REAPER';

/** `keep`: stay when the runner leaves. A slot's claim comes with `claim`. */
export type ReaperOrder = 'keep' | 'claim';

const REAP_MS = 20_000;
const SCAN_MS = 40;
/** A process that was just being started is not marked yet: only several empty looks mean that none is left. */
const EMPTY_SCANS = 4;
const LOG_CHECK_MS = 1000;

/** Process ids of this user whose environment has the mark with this value. */
export function markedProcesses(mark: string, value: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isMarked(pid, mark, value));
}

function isMarked(pid: number, mark: string, value: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${mark}=${value}`);
  } catch {
    // It is gone, or another user's: not ours in either case.
    return false;
  }
}

/** Kills all that carries the lab's mark until nothing does, then removes what containers leave outside it, and the folder. */
export async function reap(id: string, dir: string): Promise<void> {
  const deadline_ms = performance.now() + REAP_MS;
  for (let empty = 0; empty < EMPTY_SCANS; await delay(SCAN_MS)) {
    const left = markedProcesses(LAB_MARK, id);
    empty = left.length === 0 ? empty + 1 : 0;
    for (const pid of left) killMarked(pid, id);
    if (performance.now() > deadline_ms)
      throw new Error(`lab ${id}: processes ${left.join(', ')} do not end; its folder ${dir} was left`);
  }
  await removeLeftovers(id, deadline_ms - performance.now());
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

/** Looks again right before the kill: the id may have been given to another process meanwhile. */
function killMarked(pid: number, id: string): void {
  if (!isMarked(pid, LAB_MARK, id)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

function boundLogs(dir: string): void {
  const logs = join(dir, 'logs');
  if (!existsSync(logs)) return;
  for (const name of readdirSync(logs)) if (name.endsWith('.log')) boundLog(join(logs, name));
}

/** Bounds a lab's logs whenever it is called. A lab that works must not end because a log cannot be cut down, so that is only said, once. */
export function logBounder(id: string, dir: string): () => void {
  let isSaid = false;
  return () => {
    try {
      boundLogs(dir);
    } catch (error) {
      if (!isSaid)
        console.error(`lab ${id}: its logs in ${join(dir, 'logs')} could not be bounded, and may grow:`, error);
      isSaid = true;
    }
  };
}

function main(id: string, dir: string): void {
  let kept = false;
  let ending = false;
  // Held for as long as this process lives: the slot is taken until the lab is gone.
  const claims: Server[] = [];

  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await reap(id, dir);
    process.exit();
  };
  const runnerLeft = (): void => {
    if (!kept) void end();
  };

  const bound = logBounder(id, dir);
  setInterval(() => {
    if (ending) return;
    if (kept && !existsSync(dir)) process.exit(0);
    bound();
  }, LOG_CHECK_MS);
  process.on('message', (order: ReaperOrder, claim: Server | undefined) => {
    if (order === 'keep') kept = true;
    if (order === 'claim' && claim !== undefined) claims.push(claim);
    // The runner may have gone meanwhile: then nobody waits for this, and the channel's end says so.
    if (order === 'keep') process.send?.(order, undefined, undefined, () => undefined);
  });
  process.on('uncaughtException', (error) => {
    console.error(error);
    if (ending) process.exit(1);
    void end();
  });
  process.on('disconnect', runnerLeft);
  // While the runner lives, ending is its business; a kept lab is ended by this signal.
  process.on('SIGTERM', () => (kept ? void end() : undefined));
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  if (!process.connected) runnerLeft();
}

const [, program, id, dir] = process.argv;
if (program === import.meta.filename && id !== undefined && dir !== undefined) main(id, dir);
