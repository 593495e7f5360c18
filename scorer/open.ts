import type { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { Repository } from './repository.ts';
import { openSqlite } from './sqlite.ts';

/** Where a scorer keeps what must survive: in PostgreSQL where it has an address, else in a file of `data`. */
export type Where = { data: string; database_url: string | null };

/** Opens the one database of a scorer, which nobody else may have open. */
export async function openDatabase({ data, database_url }: Where): Promise<Database> {
  if (database_url === null) return openSqlite(data);
  // Imported here and not above: only who uses it pays for its driver.
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(database_url);
}

/** The repository, on the newest schema. */
export async function openRepository(where: Where): Promise<Repository> {
  const db = await openDatabase(where);
  try {
    await migrate(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return new Repository(db);
}
