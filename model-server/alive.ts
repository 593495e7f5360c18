/** Whether the server of this container answers: `node alive.ts`, told by the server's own environment variables. Kubernetes asks by itself. */
import { exitCode } from '../core/exit.ts';
import { PORT, serverEnv } from '../core/workload.ts';

const LIMIT_MS = 4_000;
const { [serverEnv.host]: host = '127.0.0.1', [serverEnv.port]: port = PORT } = process.env;
try {
  const answer = await fetch(`http://${host}:${port}/livez`, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = exitCode.failure;
}
