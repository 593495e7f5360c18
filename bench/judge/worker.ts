/** A thread of the bench: it is given the losses once, then one task after another. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Losses } from './candidates.ts';
import { runTask, type Task } from './task.ts';

const port = parentPort;
if (port === null) throw new Error('bench/judge/worker.ts runs in a worker thread only');
// Only pool.ts starts this file, and gives it these.
const losses = workerData as Losses;
port.on('message', (task: Task) => port.postMessage(runTask(task, losses)));
