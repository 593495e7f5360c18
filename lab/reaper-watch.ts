import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { REAPER_MARK, type ReaperOrder } from './reaper.ts';

const program = fileURLToPath(new URL('./reaper.ts', import.meta.url));
const ORDER_MS = 30_000;

/** The runner's side of the reaper: starts it, and starts another when somebody kills it. */
export class ReaperWatch {
  readonly #id: string;
  readonly #dir: string;
  readonly #claim: Server;
  #over = false;
  #child: ChildProcess;

  constructor(id: string, dir: string, claim: Server) {
    this.#id = id;
    this.#dir = dir;
    this.#claim = claim;
    this.#child = this.#start();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Everything of the lab is gone when this resolves. */
  async reap(): Promise<void> {
    this.#over = true;
    const exited = once(this.#child, 'exit', { signal: AbortSignal.timeout(ORDER_MS) });
    this.#child.ref();
    this.#child.channel?.ref();
    this.#child.send('reap' satisfies ReaperOrder);
    const [code] = await exited;
    if (code !== 0)
      throw new Error(`the lab's reaper failed: look for processes with ${this.#id} in their environment`);
  }

  /** From now on the lab outlives the runner. */
  async keep(): Promise<void> {
    this.#over = true;
    const heard = once(this.#child, 'message', { signal: AbortSignal.timeout(ORDER_MS) });
    this.#child.channel?.ref();
    this.#child.send('keep' satisfies ReaperOrder);
    await heard;
    this.#child.disconnect();
    this.#child.unref();
  }

  #start(): ChildProcess {
    const child = fork(program, [this.#id, this.#dir], {
      detached: true,
      cwd: '/',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { [REAPER_MARK]: this.#id },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send('claim' satisfies ReaperOrder, this.#claim);
    child.on('exit', () => {
      if (!this.#over) this.#child = this.#start();
    });
    // A lab is held open by its processes and by whoever waits for them, not by its reaper.
    child.unref();
    child.channel?.unref();
    return child;
  }
}
