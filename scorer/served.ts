import { createHash } from 'node:crypto';
import type { ForecastRecord, RecordBatch } from '../core/record.ts';
import { hourOfIso } from '../core/telemetry.ts';
import type { Answers } from './answers.ts';
import { countDays } from './day-counts.ts';
import { exactJson } from './exact-json.ts';
import type { Ignored, IgnoredReason } from './ignored.ts';
import type { Judged } from './judged.ts';
import { NamedReleases } from './named-releases.ts';
import type { ObservationLog } from './observation-log.ts';
import { comparable } from './parity.ts';
import { Problem } from './problem.ts';
import type { NewSample, Repository } from './repository.ts';
import type { ServedParity } from './served-parity.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';

/** Hours before the watermark of which records are taken: beyond that a key is forgotten and could be counted twice. */
const KEPT_HOURS = 48;
/**
 * Forecasts of one batch that are kept to be recomputed. A pod sends what came within 20 ms, so that callers who ask for one station each are
 * nearly all checked, and the cost is bounded by the batches and not by the callers.
 */
const SAMPLES_PER_BATCH = 4;
/** Samples that may wait for a recomputer; beyond that none is kept. */
const MAX_WAITING_SAMPLES = 2000;

type Keyed = ForecastRecord & { issue_h: number };
export type Taken = { accepted: number; repeated: number; ignored: number };

type Parts = {
  repository: Repository;
  judged: Judged;
  log: ObservationLog;
  turns: Turns;
  answers: Answers;
  parity: ServedParity;
  ignored: Ignored;
};

/** Records of served and mirrored calls: each counted once, some kept to be recomputed. They never enter accuracy. */
export class ServedRecords {
  readonly #parts: Parts;
  readonly #named: NamedReleases;

  /** Made after `judged`, on which its memory depends. */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#named = new NamedReleases(parts.judged);
    parts.turns.beforeFirst(async () => this.#named.restore(await parts.repository.namedReleases()));
  }

  take({ records }: RecordBatch): Promise<Taken> {
    const keyed = records.map((record) => ({ ...record, issue_h: issueHour(record) }));
    return this.#parts.turns.offer(() => this.#take(keyed));
  }

  async #take(records: readonly Keyed[]): Promise<Taken> {
    const { repository, judged, log, answers, parity } = this.#parts;
    const newest_h = log.watermark_h;
    if (newest_h === null) return { accepted: 0, repeated: 0, ignored: records.length };
    const oldest_h = newest_h - KEPT_HOURS + 1;
    const taken = this.#counted(records, oldest_h, newest_h);
    const room = Math.max(0, Math.min(SAMPLES_PER_BATCH, MAX_WAITING_SAMPLES - parity.waiting));
    let counted = new Count(judged, log);
    let accepted: readonly Keyed[] = [];
    let kept = 0;
    const { samples_forgotten } = await repository.takeRecords(oldest_h, taken, (fresh) => {
      counted = new Count(judged, log);
      for (const record of fresh) counted.add(record);
      accepted = fresh;
      const sessions = counted.drafts.map(({ id, state }) => ({ id, state: exactJson(state) }));
      const samples = sampled(counted.comparable, room);
      kept = samples.length;
      return { samples, sessions, days: countDays(fresh) };
    });
    judged.replace(counted.drafts);
    answers.add(accepted);
    parity.forgot(samples_forgotten);
    parity.came(kept);
    return {
      accepted: accepted.length,
      repeated: taken.length - accepted.length,
      ignored: records.length - taken.length,
    };
  }

  /** Those that are counted: what the database keeps of them has a bound. Pods' pair records are the scorer's own answers and do no harm. */
  #counted(records: readonly Keyed[], oldest_h: number, newest_h: number): Keyed[] {
    this.#named.forget(dayOf(oldest_h));
    return records.filter((record) => {
      if (record.purpose === 'pair') return false;
      const reason = this.#reasonAgainst(record, oldest_h, newest_h);
      if (reason !== null) this.#parts.ignored.add('forecast', reason, 1);
      return reason === null;
    });
  }

  #reasonAgainst(record: Keyed, oldest_h: number, newest_h: number): IgnoredReason<'forecast'> | null {
    const { release, arm, issue_h, station_id } = record;
    if (issue_h < oldest_h || issue_h > newest_h) return 'time';
    if (this.#parts.log.history.station(station_id) === undefined) return 'station';
    return this.#named.admit({ release, arm, day: dayOf(issue_h) }) ? null : 'release';
  }
}

/** The day, since the epoch, that the forecast of an issue hour belongs to: that of its first target hour. */
function dayOf(issue_h: number): number {
  return Math.floor(issue_h / 24);
}

/** What a batch adds, beside what is known: to be written first. */
class Count {
  /** Those of a candidate that can be held against a recomputation. */
  readonly comparable: (NewSample & { turn: number })[] = [];
  readonly #judged: Judged;
  readonly #log: ObservationLog;
  readonly #drafts = new Map<string, Session>();

  constructor(judged: Judged, log: ObservationLog) {
    this.#judged = judged;
    this.#log = log;
  }

  get drafts(): Session[] {
    return [...this.#drafts.values()];
  }

  add(record: Keyed): void {
    const draft = this.#draftOf(record);
    if (draft === undefined) return;
    const { state } = draft;
    state.served++;
    if (record.fallback) state.served_fallback++;
    if (record.values_kw.includes(null) && this.#isKnown(record)) state.invalid++;
    if (!comparable(record)) return;
    const { issue_h, ...plain } = record;
    const turn = turnOf(record);
    this.comparable.push({ session_id: draft.id, issue_h, record: JSON.stringify(plain), turn });
  }

  #draftOf(record: Keyed): Session | undefined {
    const known = this.#drafts.get(record.arm);
    const session = this.#judged.sessionOf(record);
    if (session === undefined) return undefined;
    const draft = known ?? session.draft();
    this.#drafts.set(record.arm, draft);
    return draft;
  }

  /** Whether the log had any reading to forecast from: a dead meter is no fault of the candidate. */
  #isKnown({ station_id, issue_h }: Keyed): boolean {
    const { history } = this.#log;
    const station = history.station(station_id);
    return station !== undefined && history.inputs(station, issue_h).some((value) => !Number.isNaN(value));
  }
}

/** So many of them, as if drawn: whoever is not sampled in one hour has as good a chance in the next. */
function sampled(comparable: readonly (NewSample & { turn: number })[], room: number): NewSample[] {
  return comparable.toSorted((a, b) => a.turn - b.turn).slice(0, room);
}

function turnOf({ station_id, issue_time, purpose }: ForecastRecord): number {
  return createHash('sha256').update(`${station_id}\n${issue_time}\n${purpose}`).digest().readUInt32LE(0);
}

function issueHour({ issue_time, station_id }: ForecastRecord): number {
  try {
    return hourOfIso(issue_time);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Problem(400, 'invalid-input', `record of station ${station_id}: issue_time ${cause.message}`);
  }
}
