import { EventEmitter, once } from 'node:events';
import { isoOfHour, type LogEntryInput, REPLAYED_HOURS } from '../core/telemetry.ts';
import { History } from './history.ts';
import { entryText, type ParsedEntry, parseEntry, parseObservations, type Reading } from './log-entry.ts';
import { Problem } from './problem.ts';
import { RecentEntries } from './recent-entries.ts';
import type { LoggedEntry, Repository } from './repository.ts';
import type { Turns } from './turns.ts';

/** Servers that may wait for the next entry at once. */
const MAX_WAITING = 256;

/** Entries read from the database at once: a log is longer than memory should hold. */
const LOADED_AT_ONCE = 8;

/** A follower is sent no more at once, but one entry at least; model servers take four times as much (model-server/follow.ts). */
const ANSWER_CHARS = 16 * 2 ** 20;

/**
 * Days that a feed may have been away. A wrong year would put the log's end where no later entry reaches it, and an entry that is
 * logged stays. docs/decisions/feed-away.md
 */
const MOST_AWAY_DAYS = 180;

type NewEntry = { logged: LoggedEntry; readings: Reading[] };

/** Entries as the JSON texts of LogEntry, and whether there are no more. */
type Followed = { entries: string[]; caught_up: boolean };

/** The ordered log of readings: what is appended is on disk before it is seen by anyone. */
export class ObservationLog {
  readonly history: History;
  readonly #kept_hours: number;
  watermark_h: number | null = null;
  seq = 0;
  /** The oldest entry that is kept. */
  #first_seq = 1;
  readonly #repository: Repository;
  readonly #turns: Turns;
  readonly #moved = new EventEmitter().setMaxListeners(MAX_WAITING + 8);
  readonly #recent = new RecentEntries();
  #waiting = 0;

  /** `held_hours` are held in memory, `log_hours` kept at least. */
  constructor(
    repository: Repository,
    turns: Turns,
    { held_hours, log_hours = 0 }: { held_hours: number; log_hours?: number },
  ) {
    this.history = new History(held_hours);
    this.#kept_hours = Math.max(held_hours, REPLAYED_HOURS, log_hours);
    this.#repository = repository;
    this.#turns = turns;
    turns.beforeFirst(() => this.#load());
  }

  /** Appends what is new; an entry that is already logged with the same content is acknowledged again, anything else out of order refused. */
  append(entries: readonly LogEntryInput[]): Promise<number> {
    const parsed = entries.map(parseEntry);
    return this.#turns.offer(() => this.#append(parsed));
  }

  /** The number of the last entry that became known more than `hours` before the watermark: of those after it, none is missing. */
  async before(hours: number): Promise<number> {
    if (this.watermark_h === null) return 0;
    const first = await this.#repository.seqSince(this.watermark_h - hours + 1);
    return first === null ? this.seq : first - 1;
  }

  /** Entries after `after`, as many as `limit` and one answer hold; waits up to `wait_ms` for the first. */
  async follow(after: number, limit: number, wait_ms: number, signal: AbortSignal): Promise<Followed> {
    if (after > this.seq)
      throw new Problem(
        410,
        'ahead',
        `the log ends with entry ${this.seq}, so entry ${after} is another log's; forget it and follow from the start with last_hours=${REPLAYED_HOURS}`,
        { seq: this.seq },
      );
    if (after > 0 && after < this.#first_seq - 1)
      throw new Problem(
        410,
        'trimmed',
        `entries before ${this.#first_seq} are dropped; follow from after=${this.#first_seq - 1}, or from the start with last_hours=${REPLAYED_HOURS}`,
        { first_seq: this.#first_seq },
      );
    if (this.seq <= after && wait_ms > 0) await this.#waitFor(after, wait_ms, signal);
    const first = Math.max(after + 1, this.#first_seq);
    const entries: string[] = [];
    for (let chars = 0; entries.length < limit && first + entries.length <= this.seq; ) {
      const left = limit - entries.length;
      for (const text of await this.#texts(first + entries.length, Math.min(left, LOADED_AT_ONCE))) {
        chars += text.length;
        if (chars > ANSWER_CHARS && entries.length > 0) return { entries, caught_up: false };
        entries.push(text);
      }
    }
    return { entries, caught_up: first + entries.length > this.seq };
  }

  /** Up to `limit` entries from `seq` on; at least one, where there is one. */
  async #texts(seq: number, limit: number): Promise<string[]> {
    const recent = this.#recent.get(seq);
    if (recent !== undefined) return [recent];
    return (await this.#repository.entriesAfter(seq - 1, limit)).map(entryText);
  }

  /** Resolves when the watermark moves; rejects when `signal` aborts. */
  async moved(signal: AbortSignal): Promise<void> {
    await once(this.#moved, 'moved', { signal });
  }

  /** Reads what the database holds beyond what is here: at the start all that may still be asked for. */
  async #load(): Promise<void> {
    const repository = this.#repository;
    for (const station_id of await repository.stations(this.history.stations.length))
      this.history.addStation(station_id);
    const last = await repository.lastEntry();
    if (last === undefined || last.seq === this.seq) return;
    this.#first_seq = (await repository.entriesAfter(0, 1))[0]?.seq ?? last.seq;
    const first = (await repository.seqSince(last.available_h - this.history.held_hours)) ?? last.seq;
    this.seq = Math.max(this.seq, first - 1);
    while (this.seq < last.seq)
      for (const entry of await repository.entriesAfter(this.seq, LOADED_AT_ONCE))
        this.#apply(entry, parseObservations(entry.observations));
    this.#moved.emit('moved');
  }

  async #append(entries: readonly ParsedEntry[]): Promise<number> {
    const fresh: NewEntry[] = [];
    let [seq, watermark_h, acknowledged] = [this.seq, this.watermark_h ?? Number.NEGATIVE_INFINITY, this.seq];
    for (const { available_h, readings, observations } of entries) {
      if (available_h <= watermark_h) acknowledged = await this.#repeated(available_h, observations);
      else {
        checkNear(available_h, watermark_h);
        seq++;
        watermark_h = available_h;
        acknowledged = seq;
        fresh.push({ logged: { seq, available_h, observations }, readings });
      }
    }
    if (fresh.length > 0) await this.#write(fresh);
    return acknowledged;
  }

  async #waitFor(after: number, wait_ms: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting >= MAX_WAITING)
      throw new Problem(503, 'too-many-followers', `${MAX_WAITING} followers are waiting already; ask again later`);
    this.#waiting++;
    const until = AbortSignal.any([signal, AbortSignal.timeout(wait_ms)]);
    try {
      while (this.seq <= after) await this.moved(until);
    } catch (error) {
      if (!until.aborted) throw error;
    } finally {
      this.#waiting--;
    }
  }

  async #repeated(available_h: number, observations: string): Promise<number> {
    const known = await this.#repository.entryAt(available_h);
    if (known?.observations === observations) return known.seq;
    const available_at = isoOfHour(available_h);
    throw new Problem(
      409,
      'out-of-order',
      known === undefined
        ? `the log is at ${this.#watermark()} and has no entry for ${available_at}: entries come in the order of available_at`
        : `the log has another entry for ${available_at}: send corrections in a later entry`,
      { watermark: this.#watermark(), seq: this.seq },
    );
  }

  #watermark(): string | null {
    return this.watermark_h === null ? null : isoOfHour(this.watermark_h);
  }

  async #write(fresh: readonly NewEntry[]): Promise<void> {
    const known = this.history.stations.length;
    const names = new Set<string>();
    for (const { readings } of fresh)
      for (const { station_id } of readings) if (this.history.station(station_id) === undefined) names.add(station_id);
    const stations = Array.from(names, (station_id, i) => ({ index: known + i, station_id }));
    const newest_h = fresh.at(-1)?.logged.available_h ?? 0;
    this.#first_seq = await this.#repository.appendEntries(
      fresh.map(({ logged }) => logged),
      stations,
      newest_h - this.#kept_hours,
    );
    for (const { station_id } of stations) this.history.addStation(station_id);
    for (const { logged, readings } of fresh) this.#apply(logged, readings);
    this.#moved.emit('moved');
  }

  #apply(entry: LoggedEntry, readings: readonly Reading[]): void {
    this.seq = entry.seq;
    this.watermark_h = entry.available_h;
    this.#recent.add(entry.seq, entryText(entry));
    for (const { station_id, target_h, value_kw } of readings) {
      const station = this.history.station(station_id);
      if (station === undefined)
        throw new Error(`entry ${entry.seq} names station ${station_id}, which was never stored`);
      this.history.set(station, target_h, value_kw, entry.available_h);
    }
  }
}

/** An empty log has no end, and takes any first entry. */
function checkNear(available_h: number, last_h: number): void {
  if (last_h === Number.NEGATIVE_INFINITY || available_h <= last_h + 24 * MOST_AWAY_DAYS) return;
  throw new Problem(
    400,
    'too-far-ahead',
    `available_at ${isoOfHour(available_h)} is more than ${MOST_AWAY_DAYS} days after the log's last entry, ${isoOfHour(last_h)}: correct it; after a feed that was really away for so long, begin with a new data folder or database`,
    { last: isoOfHour(last_h) },
  );
}
