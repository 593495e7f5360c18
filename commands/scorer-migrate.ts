/** `npm run scorer:migrate`: brings the scorer's database to another schema, forwards or back. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { scorerEnv } from '../core/workload.ts';
import { databaseUrlFault } from '../scorer/environment.ts';
import { knownVersion, migrate, NEWEST, type Step, stepsBetween } from '../scorer/migrations.ts';
import { openDatabase, type Where } from '../scorer/open.ts';
import { parseFlags, refuse } from './flags.ts';

const usage = `npm run scorer:migrate -- --to N (--data DIR | --database-url-from-env) [--apply] [--json]

Brings the scorer's database to schema N (1 to ${NEWEST}): the way back before an older scorer is put in place again. What the older schema can
hold is kept. Stop the scorer first. Without --apply it only says what it would do.

  --data DIR                the scorer's folder, of a SQLite database
  --database-url-from-env   the PostgreSQL database that ${scorerEnv.database_url} names
  --to N                    the schema to end at
  --apply                   do it
  --json                    print the steps as JSON (with npm run --silent, so that npm prints nothing itself)
  --help

Exit codes: 0 done, or said what would be; 2 wrong usage, or a database of a newer program; 1 anything else.`;

const flags = parseFlags(usage, {
  data: { type: 'string' },
  'database-url-from-env': { type: 'boolean' },
  to: { type: 'string' },
  apply: { type: 'boolean' },
  json: { type: 'boolean' },
});

try {
  const to = schema();
  process.exitCode = await main(where(), to);
} catch (error) {
  if (error instanceof InputError) console.error(error.message);
  else console.error(error instanceof Error ? `${error.message}${because(error)}` : error);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

async function main(where: Where, to: number): Promise<ExitCode> {
  const db = await openDatabase(where);
  try {
    const from = await knownVersion(db);
    const steps = flags.apply ? await migrate(db, to) : stepsBetween(db.dialect, from, to);
    if (flags.json) console.log(JSON.stringify({ database: db.place, from, to, applied: flags.apply === true, steps }));
    else console.log(told(db.place, from, steps));
    return exitCode.ok;
  } finally {
    await db.close();
  }
}

function told(place: string, from: number, steps: readonly Step[]): string {
  if (steps.length === 0) return `${place} has schema ${from} already: nothing to do`;
  const lines = steps.map(({ from, to, about, statements }) => {
    const way = to > from ? about : `undo: ${about}`;
    return `schema ${from} -> ${to} (${way})${flags.apply ? '' : `\n${statements.join(';\n')};`}`;
  });
  const end = flags.apply ? `done: schema ${steps.at(-1)?.to}` : 'Nothing was changed; --apply does it.';
  return [`${place} has schema ${from}`, ...lines, end].join('\n');
}

function where(): Where {
  const { data, 'database-url-from-env': from_env } = flags;
  if ((data === undefined) === (from_env !== true))
    refuse('name one database: --data or --database-url-from-env', usage);
  if (data !== undefined) {
    if (!existsSync(join(data, 'scorer.db'))) refuse(`--data: there is no scorer.db in ${data}`, usage);
    return { data, database_url: null };
  }
  const database_url = process.env[scorerEnv.database_url] ?? '';
  const fault = databaseUrlFault(database_url);
  if (fault !== null) throw new InputError([fault]);
  return { data: '', database_url };
}

function schema(): number {
  const to = Number(flags.to);
  if (flags.to !== undefined && /^\d{1,4}$/.test(flags.to) && to >= 1 && to <= NEWEST) return to;
  return refuse(`--to: "${flags.to ?? ''}" is not a schema; give 1 to ${NEWEST}`, usage);
}

function because({ cause }: Error): string {
  return cause instanceof Error ? ` (${cause.message})` : '';
}
