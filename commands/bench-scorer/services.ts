import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bench/scorer/services.ts', import.meta.url));

/** The answering side of a fleet, in a process of its own. */
export async function startServices(stations: number, hours: number, form: 'columns' | 'json') {
  const args = ['--disable-warning=ExperimentalWarning', program, String(stations), String(hours), form];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  for await (const port of createInterface({ input: child.stdout })) return { url: `http://127.0.0.1:${port}`, stop };
  throw new Error('the answering side ended before it listened');
}
