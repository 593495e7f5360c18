import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Losses } from './candidates.ts';
import type { Task, TaskResult } from './task.ts';

/** Runs all tasks on `threads` threads, in order of the list; `done` is told of each. The first error ends them all. */
export async function runAll(
  tasks: readonly Task[],
  losses: Losses,
  threads: number,
  done: (task: Task, result: TaskResult) => void,
): Promise<void> {
  const waiting = tasks.values();
  const workers = Array.from(
    { length: Math.min(threads, tasks.length) },
    () => new Worker(new URL('./worker.ts', import.meta.url), { workerData: losses }),
  );
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const task of waiting) {
          worker.postMessage(task);
          // `once` rejects when the worker emits an error instead.
          const [result]: [TaskResult] = (await once(worker, 'message')) as [TaskResult];
          done(task, result);
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
