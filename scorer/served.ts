import type { ForecastRecord, RecordBatch } from '../core/record.ts';
import { hourOfIso } from '../core/telemetry.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { comparable } from './parity.ts';
import { Problem } from './problem.ts';
import type { Session } from './session.ts';
import type { Store } from './store.ts';

/** Hours before the watermark of which records are taken: beyond that a key is forgotten and could be counted twice. */
const KEPT_HOURS = 48;
/** Served forecasts per issue hour that are kept to be recomputed. */
const SAMPLES_PER_HOUR = 5;

type Keyed = ForecastRecord & { issue_h: number };
export type Taken = { accepted: number; repeated: number; ignored: number };

/** Records of served and mirrored calls: each counted once, some kept to be recomputed. They never enter accuracy. */
export class ServedRecords {
  readonly #store: Store;
  readonly #judged: Judged;
  readonly #samples: Map<number, number>;
  readonly #log: ObservationLog;

  constructor(store: Store, judged: Judged, log: ObservationLog) {
    this.#store = store;
    this.#judged = judged;
    this.#log = log;
    this.#samples = store.samplesByHour();
  }

  take({ records }: RecordBatch): Taken {
    const keyed = records.map((record) => ({ ...record, issue_h: issueHour(record) }));
    // Pair records reach the scorer as answers to its own question; a pod that also posts them does no harm.
    const newest_h = this.#log.watermark_h ?? Number.NEGATIVE_INFINITY;
    const oldest_h = newest_h - KEPT_HOURS + 1;
    const taken = keyed.filter((r) => r.purpose !== 'pair' && r.issue_h >= oldest_h && r.issue_h <= newest_h);
    for (const hour of this.#samples.keys()) if (hour < oldest_h) this.#samples.delete(hour);
    let accepted = 0;
    this.#store.takeRecords(
      oldest_h,
      taken,
      (record) => {
        accepted++;
        return this.#count(record);
      },
      () => this.#state(),
    );
    return { accepted, repeated: taken.length - accepted, ignored: records.length - taken.length };
  }

  #count(record: Keyed) {
    const session = this.#judged.current;
    if (session === null || !isCandidate(session, record)) return null;
    const { state } = session;
    state.served++;
    if (record.fallback) state.served_fallback++;
    if (record.values_kw.includes(null) && this.#isKnown(record)) state.invalid++;
    const kept = this.#samples.get(record.issue_h) ?? 0;
    if (kept >= SAMPLES_PER_HOUR || !comparable(record)) return null;
    this.#samples.set(record.issue_h, kept + 1);
    const { issue_h: _, ...plain } = record;
    return { session_id: session.id, record: JSON.stringify(plain) };
  }

  /** Whether the log had any reading to forecast from: a dead meter is no fault of the candidate. */
  #isKnown({ station_id, issue_h }: Keyed): boolean {
    const { history } = this.#log;
    const station = history.station(station_id);
    return station !== undefined && history.inputs(station, issue_h).some((value) => !Number.isNaN(value));
  }

  #state() {
    const session = this.#judged.current;
    return session === null ? null : { session_id: session.id, state: JSON.stringify(session.state) };
  }
}

function isCandidate({ key }: Session, record: ForecastRecord): boolean {
  return record.release === key.release && record.pod_hash === key.pod_hash && record.arm === key.arm;
}

function issueHour({ issue_time, station_id }: ForecastRecord): number {
  try {
    return hourOfIso(issue_time);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Problem(400, 'invalid-input', `record of station ${station_id}: issue_time ${cause.message}`);
  }
}
