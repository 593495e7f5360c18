import { InputError } from '../core/input-error.ts';
import type { Database, Dialect } from './database.ts';

/** One change of the schema, and the way back: what the older schema can hold is kept. */
type Migration = { about: string; up: Record<Dialect, readonly string[]>; down: Record<Dialect, readonly string[]> };
export type Step = { from: number; to: number; about: string; statements: readonly string[] };

/** What a column is called in each database. */
const words = {
  sqlite: { id: 'INTEGER PRIMARY KEY', bytes: 'BLOB', real: 'REAL', strict: 'STRICT', keyed: 'STRICT, WITHOUT ROWID' },
  postgresql: {
    id: 'integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    bytes: 'bytea',
    real: 'double precision',
    strict: '',
    keyed: '',
  },
} as const;

function both(of: (word: (typeof words)[Dialect]) => readonly string[]): Record<Dialect, readonly string[]> {
  return { sqlite: of(words.sqlite), postgresql: of(words.postgresql) };
}

const tables = ['station', 'log', 'progress', 'session', 'pair', 'seen', 'sample'];

const first: Migration = {
  about: 'the log, what is judged, and the keys of served records',
  up: both(({ id, bytes, strict, keyed }) => [
    `CREATE TABLE station (id INTEGER PRIMARY KEY, station_id TEXT NOT NULL UNIQUE) ${strict}`,
    `CREATE TABLE log (seq INTEGER PRIMARY KEY, available_h INTEGER NOT NULL UNIQUE, observations TEXT NOT NULL) ${strict}`,
    `CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), settled_h INTEGER NOT NULL) ${strict}`,
    `CREATE TABLE session (
       id ${id}, release TEXT NOT NULL, pod_hash TEXT NOT NULL, arm TEXT NOT NULL, stable TEXT NOT NULL,
       state TEXT NOT NULL, station_sums ${bytes}, backtest TEXT, last_used INTEGER NOT NULL,
       UNIQUE (release, pod_hash, arm, stable)) ${strict}`,
    `CREATE TABLE pair (
       session_id INTEGER NOT NULL, issue_h INTEGER NOT NULL, candidate ${bytes} NOT NULL, stable ${bytes} NOT NULL,
       digests ${bytes} NOT NULL, PRIMARY KEY (session_id, issue_h)) ${strict}`,
    `CREATE TABLE seen (
       issue_h INTEGER NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, station_id TEXT NOT NULL, purpose TEXT NOT NULL,
       PRIMARY KEY (issue_h, release, arm, station_id, purpose)) ${keyed}`,
    `CREATE TABLE sample (id ${id}, session_id INTEGER NOT NULL, issue_h INTEGER NOT NULL, record TEXT NOT NULL) ${strict}`,
  ]),
  down: both(() => tables.map((table) => `DROP TABLE ${table}`)),
};

/** Splits a key at its three line ends; the station comes last, so that nothing in its name can be taken for one. */
const sqliteParts = `
  WITH one AS (SELECT issue_h, substr(key, 1, instr(key, char(10)) - 1) AS release, substr(key, instr(key, char(10)) + 1) AS rest FROM seen_2),
       two AS (SELECT *, substr(rest, 1, instr(rest, char(10)) - 1) AS arm, substr(rest, instr(rest, char(10)) + 1) AS rest_2 FROM one)
  SELECT issue_h, release, arm, substr(rest_2, instr(rest_2, char(10)) + 1), substr(rest_2, 1, instr(rest_2, char(10)) - 1) FROM two`;
const postgresqlParts = `
  SELECT issue_h, split_part(key, chr(10), 1), split_part(key, chr(10), 2),
         substr(key, length(split_part(key, chr(10), 1) || split_part(key, chr(10), 2) || split_part(key, chr(10), 3)) + 4),
         split_part(key, chr(10), 3) FROM seen_2`;

function compactKeys(keyed: string, line_end: string): string[] {
  return [
    'ALTER TABLE seen RENAME TO seen_1',
    `CREATE TABLE seen (issue_h INTEGER NOT NULL, key TEXT NOT NULL, CONSTRAINT seen_key PRIMARY KEY (issue_h, key)) ${keyed}`,
    `INSERT INTO seen SELECT issue_h, release || ${line_end} || arm || ${line_end} || purpose || ${line_end} || station_id FROM seen_1`,
    'DROP TABLE seen_1',
  ];
}

function wideKeys(keyed: string, parts: string): string[] {
  return [
    'ALTER TABLE seen RENAME TO seen_2',
    `CREATE TABLE seen (
       issue_h INTEGER NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, station_id TEXT NOT NULL, purpose TEXT NOT NULL,
       CONSTRAINT seen_wide_key PRIMARY KEY (issue_h, release, arm, station_id, purpose)) ${keyed}`,
    `INSERT INTO seen (issue_h, release, arm, station_id, purpose) ${parts}`,
    'DROP TABLE seen_2',
  ];
}

const oneKey: Migration = {
  about: 'the key of a served record is one text: two values to write for each instead of five',
  up: {
    sqlite: compactKeys(words.sqlite.keyed, 'char(10)'),
    postgresql: compactKeys(words.postgresql.keyed, 'chr(10)'),
  },
  down: {
    sqlite: wideKeys(words.sqlite.keyed, sqliteParts),
    postgresql: wideKeys(words.postgresql.keyed, postgresqlParts),
  },
};

const days: Migration = {
  about:
    'what was served each day, and the facts of days that are over, for the assessment; on the way back they are lost',
  up: both(({ strict }) => [
    `CREATE TABLE day_count (
       day TEXT NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, answered INTEGER NOT NULL, fallback INTEGER NOT NULL,
       latencies TEXT NOT NULL, PRIMARY KEY (day, release, arm)) ${strict}`,
    `CREATE TABLE day_fact (
       day TEXT NOT NULL, role TEXT NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, fact TEXT NOT NULL,
       PRIMARY KEY (day, role, release, arm)) ${strict}`,
  ]),
  down: both(() => ['DROP TABLE day_count', 'DROP TABLE day_fact']),
};

const groups: Migration = {
  about: 'how fast a call was answered, who answers a station, and what users do with forecasts',
  up: both(({ id, bytes, real, strict, keyed }) => [
    `ALTER TABLE seen ADD COLUMN latency_ms ${real} NOT NULL DEFAULT 0`,
    `ALTER TABLE session ADD COLUMN station_groups ${bytes}`,
    `CREATE TABLE event (event_id TEXT PRIMARY KEY, day INTEGER NOT NULL) ${keyed}`,
    'CREATE INDEX event_day ON event (day)',
    `CREATE TABLE event_count (
       day INTEGER NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, station_id TEXT NOT NULL,
       shown INTEGER NOT NULL, followed INTEGER NOT NULL, scores INTEGER NOT NULL, score_sum INTEGER NOT NULL,
       PRIMARY KEY (day, release, arm, station_id)) ${keyed}`,
    `CREATE TABLE feedback (
       id ${id}, time TEXT NOT NULL, station_id TEXT NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL,
       score INTEGER NOT NULL, text TEXT NOT NULL) ${strict}`,
  ]),
  down: both(() => [
    ...['event', 'event_count', 'feedback'].map((table) => `DROP TABLE ${table}`),
    'ALTER TABLE seen DROP COLUMN latency_ms',
    'ALTER TABLE session DROP COLUMN station_groups',
  ]),
};

const outcomes: Migration = {
  about: "drifts by day and the squares of users' scores, for the facts of a day; on the way back they are lost",
  up: both(({ strict }) => [
    `CREATE TABLE day_drift (
       day TEXT NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, events INTEGER NOT NULL,
       PRIMARY KEY (day, release, arm)) ${strict}`,
    // NULL for what an older scorer counted: its squares are not known.
    'ALTER TABLE event_count ADD COLUMN score_sq_sum INTEGER',
  ]),
  down: both(() => ['DROP TABLE day_drift', 'ALTER TABLE event_count DROP COLUMN score_sq_sum']),
};

/** Numbers that are too large for the older schema are given anew, in their order: nothing else knows them. */
function renumbered(table: string, columns: string, names: string): string[] {
  return [
    `ALTER TABLE ${table} RENAME TO ${table}_6`,
    `CREATE TABLE ${table} (id integer GENERATED ALWAYS AS IDENTITY, ${columns}, CONSTRAINT ${table}_id PRIMARY KEY (id))`,
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${table}_6 ORDER BY id`,
    `DROP TABLE ${table}_6`,
  ];
}

const longNumbers: Migration = {
  about: 'samples and texts are numbered in 64 bits: four samples a batch use 32 up within months; SQLite always did',
  up: {
    sqlite: [],
    postgresql: ['sample', 'feedback'].map((table) => `ALTER TABLE ${table} ALTER COLUMN id TYPE bigint`),
  },
  down: {
    sqlite: [],
    postgresql: [
      ...renumbered(
        'sample',
        'session_id INTEGER NOT NULL, issue_h INTEGER NOT NULL, record TEXT NOT NULL',
        'session_id, issue_h, record',
      ),
      ...renumbered(
        'feedback',
        `time TEXT NOT NULL, station_id TEXT NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, score INTEGER NOT NULL,
         text TEXT NOT NULL`,
        'time, station_id, release, arm, score, text',
      ),
    ],
  },
};

const lateStations: Migration = {
  about:
    'who answers a station is found again within its next hour, now with the hours before it came; so on the way back',
  up: both(() => ['UPDATE session SET station_groups = NULL']),
  down: both(() => ['UPDATE session SET station_groups = NULL']),
};

const pods: Migration = {
  about: 'which pods answered on a day, so that what they used can be found; on the way back it is lost',
  // None of what an older scorer counted.
  up: both(() => ["ALTER TABLE day_count ADD COLUMN pod_hashes TEXT NOT NULL DEFAULT ''"]),
  down: both(() => ['ALTER TABLE day_count DROP COLUMN pod_hashes']),
};

const switches: Migration = {
  about: 'which arms of a release are switched off, by whom and why; on the way back they are on again',
  up: both(({ id, strict }) => [
    `CREATE TABLE arm_switch (
       id ${id}, release TEXT NOT NULL, arm TEXT NOT NULL, off INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,
       settled_h INTEGER) ${strict}`,
  ]),
  down: both(() => ['DROP TABLE arm_switch']),
};

/** In order; a schema's number is how many of them were applied. Never changed once released, only added to. */
const migrations: readonly Migration[] = [
  first,
  oneKey,
  days,
  groups,
  outcomes,
  longNumbers,
  lateStations,
  pods,
  switches,
];

export const NEWEST = migrations.length;

/** The steps from one schema to another. */
export function stepsBetween(dialect: Dialect, from: number, to: number): Step[] {
  const steps: Step[] = [];
  for (let n = from; n < to; n++) steps.push(stepOf(n, n + 1, 'up', dialect));
  for (let n = from; n > to; n--) steps.push(stepOf(n, n - 1, 'down', dialect));
  return steps;
}

/** Brings a database to schema `to`, each step of the way a transaction; refuses one that is newer than this program knows. */
export async function migrate(db: Database, to: number = NEWEST): Promise<Step[]> {
  const steps = stepsBetween(db.dialect, await knownVersion(db), to);
  for (const step of steps)
    await db.transaction(async (query) => {
      for (const statement of step.statements) await query(statement);
      await db.setVersion(query, step.to);
    }, 'power cut');
  return steps;
}

/** The schema of a database; an InputError where this program does not know it. */
export async function knownVersion(db: Database): Promise<number> {
  const version = await db.version();
  if (version <= NEWEST) return version;
  throw new InputError([
    {
      place: db.place,
      message: `has schema ${version}, and this program knows schemas up to ${NEWEST}`,
      fix: `run the newer program, or with the newer program: npm run scorer:migrate -- --to ${NEWEST} --apply`,
    },
  ]);
}

function stepOf(from: number, to: number, way: 'up' | 'down', dialect: Dialect): Step {
  const migration = migrations[Math.min(from, to)];
  if (migration === undefined) throw new RangeError(`there is no schema ${to}: the newest is ${NEWEST}`);
  return { from, to, about: migration.about, statements: migration[way][dialect] };
}
