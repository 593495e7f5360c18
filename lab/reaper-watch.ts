import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { LAB_MARK, markedProcesses, REAPER_MARK, type ReaperOrder, reap } from './reaper.ts';

const program = fileURLToPath(new URL('./reaper.ts', import.meta.url));
const ANSWER_MS = 30_000;
/** Whoever kills it more often than this wants the lab to end. */
const MAX_STARTS = 10;

/** The runner's side of the reaper: starts it, and starts another when somebody kills it. */
export class ReaperWatch {
  readonly #id: string;
  readonly #dir: string;
  readonly #claim: Server;
  readonly #lost: (error: Error) => void;
  #starts = 0;
  #over = false;
  #child: ChildProcess;

  constructor(id: string, dir: string, claim: Server, lost: (error: Error) => void) {
    this.#id = id;
    this.#dir = dir;
    this.#claim = claim;
    this.#lost = lost;
    this.#child = this.#start();
  }

  /** Everything of the lab is gone when this resolves. */
  async reap(): Promise<void> {
    this.#over = true;
    const child = this.#child;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit', { signal: AbortSignal.timeout(ANSWER_MS) });
      child.ref();
      if (child.connected) child.disconnect();
      await exited.catch((error: unknown) => {
        console.error(
          `lab ${this.#id}: its reaper did not end within ${ANSWER_MS} ms, so the lab is ended without it:`,
          error,
        );
        child.kill('SIGKILL');
      });
    }
    const left = existsSync(this.#dir) || markedProcesses(LAB_MARK, this.#id).length > 0;
    if (left) await reap(this.#id, this.#dir);
  }

  /** From now on the lab outlives the runner. */
  async keep(): Promise<void> {
    this.#over = true;
    const heard = once(this.#child, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
    this.#child.channel?.ref();
    this.#child.send('keep' satisfies ReaperOrder);
    await heard;
    this.#child.disconnect();
    this.#child.unref();
  }

  #start(): ChildProcess {
    this.#starts += 1;
    const child = fork(program, [this.#id, this.#dir], {
      detached: true,
      cwd: '/',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { [REAPER_MARK]: this.#id },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('exit', (code, signal) => this.#restart(signal ?? `exit code ${code}`));
    child.on('error', (error) => {
      // Without a pid it never was, and no exit follows. Else it is a message that it could not take any more, and its exit follows.
      if (child.pid === undefined) this.#restart(error.message);
    });
    if (child.pid !== undefined) child.send('claim' satisfies ReaperOrder, this.#claim);
    // A lab is held open by its processes and by whoever waits for them, not by its reaper.
    child.unref();
    child.channel?.unref();
    return child;
  }

  #restart(why: string): void {
    if (this.#over) return;
    if (this.#starts < MAX_STARTS) this.#child = this.#start();
    else this.#lost(new Error(`the lab's reaper ended ${this.#starts} times (last: ${why})`));
  }
}
