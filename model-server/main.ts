import { start } from './start.ts';

/** The model server: `node main.ts [serve | recompute | train]`, told by the environment variables of core/workload.ts. */
await start(process.argv[2]);
