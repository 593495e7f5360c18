import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Backend, BackendError } from './backend.ts';
import { isAnswer, type Question } from './native-messages.ts';

/** TensorFlow's library has 500 MB, which a machine that has just started reads from its disk. */
const OPEN_LIMIT_MS = 30_000;
const FORWARD_LIMIT_MS = 2_000;
/** Products that may wait for the process at once. */
const MAX_WAITING = 256;

/**
 * Native TensorFlow, of tfjs-node or of its variant for GPUs, in a process of its own: native code that crashes ends its process, and so a call
 * fails instead of the server. It also loads, for a second or more, where nobody waits.
 */
export function native(module: string, limits = { open_ms: OPEN_LIMIT_MS, forward_ms: FORWARD_LIMIT_MS }): Backend {
  return {
    async open(weights) {
      const worker = new NativeProcess(module);
      try {
        await worker.ask((id) => ({ id, weights }), limits.open_ms);
      } catch (error) {
        worker.end();
        throw error;
      }
      return {
        forward: (features) => worker.ask((id) => ({ id, features }), limits.forward_ms),
        close: () => worker.end(),
      };
    },
  };
}

type Waiting = { resolve: (residuals: Float32Array) => void; reject: (error: Error) => void; timer: NodeJS.Timeout };

class NativeProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(module: string) {
    this.#child = fork(fileURLToPath(new URL('native-process.ts', import.meta.url)), [module], {
      // Typed arrays travel as such. TensorFlow greets on standard output, where logs go.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (answer) => this.#answered(answer));
    this.#child.once('error', (error) => this.#failed(new BackendError('crashed', error.message, { cause: error })));
    this.#child.once('exit', (code, signal) => {
      this.#failed(
        new BackendError('crashed', `the process of native TensorFlow ended by ${signal ?? `code ${code}`}`),
      );
    });
    // It must not keep a command that has nothing more to do; a question that waits keeps it by its timer.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  ask(question: (id: number) => Question, limit_ms: number): Promise<Float32Array> {
    if (this.#waiting.size >= MAX_WAITING)
      return Promise.reject(new BackendError('late', `${MAX_WAITING} products wait for native TensorFlow already`));
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#late(limit_ms), limit_ms);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#child.send(question(id), (error) => {
        if (error) this.#failed(new BackendError('crashed', error.message, { cause: error }));
      });
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #answered(answer: unknown): void {
    if (!isAnswer(answer)) {
      this.#failed(new BackendError('failed', 'native TensorFlow said something strange'));
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    clearTimeout(waiting?.timer);
    if ('residuals' in answer) waiting?.resolve(answer.residuals);
    else waiting?.reject(new BackendError(answer.reason, answer.message));
  }

  #late(limit_ms: number): void {
    this.#failed(new BackendError('late', `native TensorFlow did not answer within ${limit_ms} ms`));
    this.end();
  }

  /** Whoever waits is told; the process is of no more use. */
  #failed(error: BackendError): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}
