import { type BusinessEvent, countsOf, type EventCounts } from '../core/business/events.ts';
import { HOUR_MS } from '../core/telemetry.ts';
import { type Database, number, type Query, ROWS_AT_ONCE, type Row, text } from './database.ts';

/** An event of a known day, days since the epoch. */
export type DatedEvent = BusinessEvent & { day: number };

/** A release and arm, and a day, since the epoch, for which something names them. */
export type Named = { release: string; arm: string; day: number };

export type Feedback = { time: string; station_id: string; release: string; arm: string; score: number; text: string };
type Counted = EventCounts & { station_id: string };
/** One day's events of a release and arm; `score_sq_sum` is null where an older scorer counted some of them. */
export type EventDay = EventCounts & { release: string; arm: string; score_sq_sum: number | null; texts: string[] };

/** Texts that are kept: what is older has been read, or never will be. */
const MOST_TEXTS = 1000;

/** Texts among a day's facts, the newest. */
const TEXTS_A_DAY = 10;

/** Users' events: their ids for as long as one may come again, and their counts per day. Every method is one transaction. */
export class EventRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Counts the events that are not known; returns those. Ids before `ids_from` and counts before `counts_from` (days) are forgotten. */
  take(events: readonly DatedEvent[], ids_from: number, counts_from: number): Promise<DatedEvent[]> {
    return this.#db.transaction(async (query) => {
      await query('DELETE FROM event WHERE day < ?', [ids_from]);
      await query('DELETE FROM event_count WHERE day < ?', [counts_from]);
      const fresh: DatedEvent[] = [];
      for (let start = 0; start < events.length; start += ROWS_AT_ONCE)
        fresh.push(...(await remember(query, events.slice(start, start + ROWS_AT_ONCE))));
      for (const event of fresh) await count(query, event);
      await keepTexts(query, fresh);
      return fresh;
    });
  }

  /** The releases and arms that are counted, by day, of `day` and those after it. */
  async namedReleases(day: number): Promise<Named[]> {
    const rows = await this.#db.query('SELECT DISTINCT day, release, arm FROM event_count WHERE day >= ?', [day]);
    return rows.map((row) => ({ day: number(row.day), release: text(row.release), arm: text(row.arm) }));
  }

  /** How many events have a known id, by day. */
  async perDay(): Promise<Map<number, number>> {
    const rows = await this.#db.query('SELECT day, count(*) AS n FROM event GROUP BY day');
    return new Map(rows.map((row) => [number(row.day), number(row.n)]));
  }

  /** Per station, all releases but one together, of days `from` to `to`. */
  async before({ from, to }: { from: number; to: number }, release: string): Promise<Counted[]> {
    const rows = await this.#db.query(
      `SELECT station_id, ${SUMS} FROM event_count WHERE day >= ? AND day <= ? AND release <> ? GROUP BY station_id`,
      [from, to, release],
    );
    return rows.map(counted);
  }

  /** Per station, release and arm, of `day` and those after it. */
  async since(day: number): Promise<(Counted & { release: string; arm: string })[]> {
    const rows = await this.#db.query(
      `SELECT station_id, release, arm, ${SUMS} FROM event_count WHERE day >= ? GROUP BY station_id, release, arm`,
      [day],
    );
    return rows.map((row) => ({ ...counted(row), release: text(row.release), arm: text(row.arm) }));
  }

  /** Per release and arm, of one day since the epoch, all stations together. */
  async ofDay(day: number): Promise<EventDay[]> {
    const rows = await this.#db.query(
      `SELECT release, arm, '' AS station_id, ${SUMS},
         CASE WHEN count(*) = count(score_sq_sum) THEN sum(score_sq_sum) END AS score_sq_sum
       FROM event_count WHERE day = ? GROUP BY release, arm`,
      [day],
    );
    const texts = (await this.feedback(MOST_TEXTS)).filter(({ time }) => dayOf(time) === day);
    return rows.map((row) => {
      const { station_id: _all, ...counts } = counted(row);
      const [release, arm] = [text(row.release), text(row.arm)];
      const its = texts.filter((feedback) => feedback.release === release && feedback.arm === arm);
      const score_sq_sum = row.score_sq_sum === null ? null : number(row.score_sq_sum);
      return { ...counts, release, arm, score_sq_sum, texts: its.slice(0, TEXTS_A_DAY).map((one) => one.text) };
    });
  }

  /** Feedback with a text, newest first. */
  async feedback(limit: number): Promise<Feedback[]> {
    const rows = await this.#db.query('SELECT * FROM feedback ORDER BY id DESC LIMIT ?', [limit]);
    return rows.map((row) => ({
      time: text(row.time),
      station_id: text(row.station_id),
      release: text(row.release),
      arm: text(row.arm),
      score: number(row.score),
      text: text(row.text),
    }));
  }
}

/** The UTC day of a time, days since the epoch; NaN where there is no such day or hour. */
export function dayOf(time: string): number {
  const ms = Date.parse(time);
  // Date.parse takes 30 February for 1 March.
  const exists = !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 13) === time.slice(0, 13);
  return exists ? Math.floor(ms / HOUR_MS / 24) : Number.NaN;
}

const SUMS = ['shown', 'followed', 'scores', 'score_sum'].map((column) => `sum(${column}) AS ${column}`).join(', ');

/** Those that were not known before; of one that is told twice the first. */
async function remember(query: Query, events: readonly DatedEvent[]): Promise<DatedEvent[]> {
  const byId = new Map<string, DatedEvent>();
  for (const event of events) if (!byId.has(event.event_id)) byId.set(event.event_id, event);
  const rows = await query(
    `INSERT INTO event VALUES ${Array.from(byId, () => '(?, ?)').join()} ON CONFLICT DO NOTHING RETURNING event_id`,
    [...byId.values()].flatMap(({ event_id, day }) => [event_id, day]),
  );
  const inserted = new Set(rows.map((row) => text(row.event_id)));
  return [...byId.values()].filter(({ event_id }) => inserted.has(event_id));
}

async function count(query: Query, event: DatedEvent): Promise<void> {
  const { day, release, arm, station_id } = event;
  const { shown, followed, scores, score_sum } = countsOf(event);
  await query(
    `INSERT INTO event_count VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, release, arm, station_id) DO UPDATE SET
     shown = event_count.shown + excluded.shown, followed = event_count.followed + excluded.followed,
     scores = event_count.scores + excluded.scores, score_sum = event_count.score_sum + excluded.score_sum,
     score_sq_sum = event_count.score_sq_sum + excluded.score_sq_sum`,
    [day, release, arm, station_id, shown, followed, scores, score_sum, (event.score ?? 0) ** 2],
  );
}

async function keepTexts(query: Query, events: readonly DatedEvent[]): Promise<void> {
  for (const { time, station_id, release, arm, score, text: words } of events)
    if (score !== undefined && words !== undefined)
      await query('INSERT INTO feedback (time, station_id, release, arm, score, text) VALUES (?, ?, ?, ?, ?, ?)', [
        ...[time, station_id, release, arm, score, words],
      ]);
  await query('DELETE FROM feedback WHERE id <= (SELECT max(id) FROM feedback) - ?', [MOST_TEXTS]);
}

function counted(row: Row): Counted {
  return {
    station_id: text(row.station_id),
    shown: number(row.shown),
    followed: number(row.followed),
    scores: number(row.scores),
    score_sum: number(row.score_sum),
  };
}
