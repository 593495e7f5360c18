import type { ForecastRecord, RecordBatch } from '../core/record.ts';
import { hourOfIso } from '../core/telemetry.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { comparable } from './parity.ts';
import { Problem } from './problem.ts';
import type { NewSample, Repository } from './repository.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';

/** Hours before the watermark of which records are taken: beyond that a key is forgotten and could be counted twice. */
const KEPT_HOURS = 48;
/** Served forecasts per issue hour that are kept to be recomputed. */
const SAMPLES_PER_HOUR = 5;

type Keyed = ForecastRecord & { issue_h: number };
export type Taken = { accepted: number; repeated: number; ignored: number };

type Parts = { repository: Repository; judged: Judged; log: ObservationLog; turns: Turns };

/** Records of served and mirrored calls: each counted once, some kept to be recomputed. They never enter accuracy. */
export class ServedRecords {
  readonly #parts: Parts;
  /** Samples of each issue hour that were kept. */
  #samples = new Map<number, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.turns.beforeFirst(async () => {
      this.#samples = await parts.repository.samplesByHour();
    });
  }

  take({ records }: RecordBatch): Promise<Taken> {
    const keyed = records.map((record) => ({ ...record, issue_h: issueHour(record) }));
    return this.#parts.turns.offer(() => this.#take(keyed));
  }

  async #take(records: readonly Keyed[]): Promise<Taken> {
    const { repository, judged, log } = this.#parts;
    // Pair records reach the scorer as answers to its own question; a pod that also posts them does no harm.
    const newest_h = log.watermark_h ?? Number.NEGATIVE_INFINITY;
    const oldest_h = newest_h - KEPT_HOURS + 1;
    const taken = records.filter((r) => r.purpose !== 'pair' && r.issue_h >= oldest_h && r.issue_h <= newest_h);
    let counted = new Count(judged, log, this.#samples);
    let accepted = 0;
    await repository.takeRecords(oldest_h, taken, (fresh) => {
      counted = new Count(judged, log, this.#samples);
      for (const record of fresh) counted.add(record);
      accepted = fresh.length;
      const sessions = counted.drafts.map(({ id, state }) => ({ id, state: JSON.stringify(state) }));
      return { samples: counted.samples, sessions };
    });
    judged.replace(counted.drafts);
    for (const { issue_h } of counted.samples) this.#samples.set(issue_h, (this.#samples.get(issue_h) ?? 0) + 1);
    for (const hour of this.#samples.keys()) if (hour < oldest_h) this.#samples.delete(hour);
    return { accepted, repeated: taken.length - accepted, ignored: records.length - taken.length };
  }
}

/** What a batch adds, beside what is known: to be written first. */
class Count {
  readonly samples: NewSample[] = [];
  readonly #judged: Judged;
  readonly #log: ObservationLog;
  readonly #kept: ReadonlyMap<number, number>;
  readonly #drafts = new Map<string, Session>();

  constructor(judged: Judged, log: ObservationLog, kept: ReadonlyMap<number, number>) {
    this.#judged = judged;
    this.#log = log;
    this.#kept = kept;
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
    if (!comparable(record) || this.#samplesOf(record.issue_h) >= SAMPLES_PER_HOUR) return;
    const { issue_h, ...plain } = record;
    this.samples.push({ session_id: draft.id, issue_h, record: JSON.stringify(plain) });
  }

  #draftOf(record: Keyed): Session | undefined {
    const known = this.#drafts.get(record.arm);
    const session = this.#judged.sessionOf(record);
    if (session === undefined) return undefined;
    const draft = known ?? session.draft();
    this.#drafts.set(record.arm, draft);
    return draft;
  }

  #samplesOf(issue_h: number): number {
    return (this.#kept.get(issue_h) ?? 0) + this.samples.filter((sample) => sample.issue_h === issue_h).length;
  }

  /** Whether the log had any reading to forecast from: a dead meter is no fault of the candidate. */
  #isKnown({ station_id, issue_h }: Keyed): boolean {
    const { history } = this.#log;
    const station = history.station(station_id);
    return station !== undefined && history.inputs(station, issue_h).some((value) => !Number.isNaN(value));
  }
}

function issueHour({ issue_time, station_id }: ForecastRecord): number {
  try {
    return hourOfIso(issue_time);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Problem(400, 'invalid-input', `record of station ${station_id}: issue_time ${cause.message}`);
  }
}
