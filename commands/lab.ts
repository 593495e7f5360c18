/** `npm run lab`: the labs of this user that run or were kept, and how to end one. */
import { exitCode } from '../core/exit.ts';
import { listLabs, stopLab } from '../lab/lab-list.ts';

const usage = `npm run lab -- list [--json]   labs that run, or were kept by rehearse --keep
npm run lab -- stop ID         ends one; nothing of it is left

Exit codes: 0 done, 2 wrong usage, 1 anything else.`;

const [action, ...rest] = process.argv.slice(2);
if (action === '--help' || action === '-h') console.log(usage);
else if (action === 'list' && rest.length === 0) console.log(listLabs().map(describe).join('\n') || 'no lab runs');
else if (action === 'list' && rest.length === 1 && rest[0] === '--json') console.log(JSON.stringify(listLabs()));
else if (action === 'stop' && rest.length === 1) await stop(rest[0] ?? '');
else {
  console.error(`${JSON.stringify(process.argv.slice(2).join(' '))} is not understood.\n${usage}`);
  process.exitCode = exitCode.usage;
}

function describe({ id, slot, kept, runner }: ReturnType<typeof listLabs>[number]): string {
  return `${id}  127.${slot}.0.1  ${kept ? 'kept' : `run by process ${runner.pid}`}`;
}

async function stop(id: string): Promise<void> {
  try {
    await stopLab(id);
    console.log(`lab ${id} is gone`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = exitCode.failure;
  }
}
