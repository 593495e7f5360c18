import type { Dispatcher } from 'undici';
import { type ForecastRecord, LEADS } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { DIGEST_BYTES } from './frozen.ts';
import { type Judged, sameKey } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Parity } from './parity.ts';
import type { Session } from './session.ts';
import { askSide, type SideAnswer, type SideResult } from './side.ts';
import type { PairRow, SampleRow, SessionKey, Store } from './store.ts';

/** Issue hours asked for at once; they are settled in order. */
const AHEAD = 6;
/** Issue hours that are asked for again after an absence; older ones are missed. */
const MAX_BEHIND = 48;
/** Every station is recomputed at the first pair hours of a candidate, and then now and then. */
const FIRST_FULL_CHECKS = 3;
const FULL_CHECK_EVERY_HOURS = 6;
/** Served forecasts recomputed with one pair hour. */
const MAX_SAMPLES = 32;

type Asked = { stable: SideResult; canary: SideResult };
type Log = { warn: (what: object, message: string) => void; info: (what: object, message: string) => void };

type Parts = {
  log: ObservationLog;
  store: Store;
  judged: Judged;
  parity: Parity;
  urls: { stable: string; canary: string };
  dispatcher: Dispatcher;
  signal: AbortSignal;
  logger: Log;
};

/**
 * Asks both versions for the same station-hours whenever the watermark moves, and settles issue hours strictly in order, so that every
 * sum is a function of the log and the answers alone. While both Services run one release, one station is asked to notice a change.
 */
export class Pairing {
  #settled_h: number | null;
  readonly #parts: Parts;
  readonly #asked = new Map<number, Promise<Asked>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#settled_h = parts.store.settledHour();
  }

  get settled_h(): number | null {
    return this.#settled_h;
  }

  /** Issue hours that are known but not settled. */
  get behind(): number {
    const { watermark_h } = this.#parts.log;
    if (watermark_h === null) return 0;
    if (this.#settled_h === null) return 1;
    const behind = watermark_h - this.#settled_h;
    return this.#active() ? behind : Math.min(behind, 1);
  }

  /** Runs until the signal aborts; what it throws is a fault of this program or its disk. */
  async run(): Promise<void> {
    const { log, signal } = this.#parts;
    while (!signal.aborted) {
      const { watermark_h } = log;
      if (watermark_h === null || watermark_h === this.#settled_h) await log.moved(signal).catch(unlessAborted(signal));
      else await this.#step(watermark_h);
    }
  }

  #active(): boolean {
    return this.#parts.judged.current?.state.active ?? false;
  }

  async #step(watermark_h: number): Promise<void> {
    if (!this.#active()) {
      const asked = await this.#ask(watermark_h, 1);
      if (this.#parts.signal.aborted) return;
      if (!differ(asked)) return this.#settle(watermark_h, null);
      this.#settled_h = watermark_h - 1;
    }
    const issue_h = (this.#settled_h ?? watermark_h - 1) + 1;
    if (watermark_h - issue_h >= MAX_BEHIND) return this.#miss(issue_h);
    for (let h = issue_h; h <= Math.min(watermark_h, issue_h + AHEAD - 1); h++)
      if (!this.#asked.has(h)) this.#asked.set(h, this.#ask(h, this.#parts.log.history.stations.length));
    const asked = await this.#asked.get(issue_h);
    this.#asked.delete(issue_h);
    if (asked === undefined || this.#parts.signal.aborted) return;
    await this.#judge(issue_h, asked);
  }

  async #ask(issue_h: number, stations: number): Promise<Asked> {
    const { urls, dispatcher, signal, log } = this.#parts;
    const common = { issue_h, stations: log.history.stations.slice(0, stations), dispatcher, signal };
    const [stable, canary] = await Promise.all([
      askSide({ ...common, url: urls.stable }),
      askSide({ ...common, url: urls.canary }),
    ]);
    return { stable, canary };
  }

  async #judge(issue_h: number, { stable, canary }: Asked): Promise<void> {
    const session = this.#parts.judged.current;
    if ('failure' in stable || 'failure' in canary) {
      this.#incomplete(issue_h, { stable, canary });
    } else if (stable.answer.release === canary.answer.release) {
      if (session !== null) session.state.active = false;
      this.#asked.clear();
      this.#settle(issue_h, null);
    } else {
      await this.#pair(issue_h, stable.answer, canary.answer);
    }
  }

  #incomplete(issue_h: number, { stable, canary }: Asked): void {
    const { judged, log, logger } = this.#parts;
    const session = judged.current;
    for (const [side, result] of Object.entries({ stable, canary }))
      if ('failure' in result)
        logger.warn({ side, issue_time: isoOfHour(issue_h), reason: result.failure }, 'a side did not answer');
    // Another candidate than the one under judgement is not its failure.
    if (session?.state.active && ('failure' in canary || canary.answer.release === session.key.release))
      session.skip(issue_h, log.history.stations.length, 'incomplete');
    this.#settle(issue_h, null);
  }

  #miss(issue_h: number): void {
    const { judged, log, logger } = this.#parts;
    this.#asked.delete(issue_h);
    logger.warn({ issue_time: isoOfHour(issue_h) }, `more than ${MAX_BEHIND} hours behind: this hour is not paired`);
    judged.current?.skip(issue_h, log.history.stations.length, 'missed');
    this.#settle(issue_h, null);
  }

  async #pair(issue_h: number, stable: SideAnswer, canary: SideAnswer): Promise<void> {
    const { judged, logger, signal } = this.#parts;
    const key: SessionKey = {
      release: canary.release,
      pod_hash: canary.pod_hash,
      arm: canary.arm,
      stable: stable.release,
    };
    if (judged.current === null || !sameKey(judged.current.key, key))
      logger.info({ ...key, issue_time: isoOfHour(issue_h) }, 'a candidate comes under judgement');
    const session = judged.begin(key, issue_h);
    const problem = judged.seekBacktest();
    if (problem !== null) logger.warn({ problem }, 'no backtest: the guard cannot speak');
    const { pair, invalid } = pairOf(issue_h, stable, canary);
    const suspects = session.suspects(pair).flatMap((s) => canary.records[s] ?? []);
    const parity = await this.#checkParity(session, issue_h, { all: canary.records, suspects });
    // A check cut short by the end of this process is made again by the next.
    if (signal.aborted) return;
    // From here to the write nothing is awaited: what is in memory and what is on disk change together.
    session.take(pair, invalid);
    session.compared(parity.result, suspects, parity.full ? issue_h : null);
    this.#settle(issue_h, pair, parity.samples);
  }

  async #checkParity(session: Session, issue_h: number, pairs: Record<'all' | 'suspects', ForecastRecord[]>) {
    const { parity, store, log, logger } = this.#parts;
    const { full_checks, last_full_check_h } = session.state;
    const samples = store.samples(session.id, issue_h, MAX_SAMPLES);
    const full = full_checks < FIRST_FULL_CHECKS || issue_h - (last_full_check_h ?? 0) >= FULL_CHECK_EVERY_HOURS;
    const served = samples.map(({ record }): ForecastRecord => JSON.parse(record));
    const records = [...(full ? pairs.all : pairs.suspects), ...served];
    const result = await parity.check(records, log.history, session.scalesOrLive(log.history.stations));
    if (result.unavailable !== null) logger.warn({ reason: result.unavailable }, 'forecasts could not be recomputed');
    return { result, full, samples };
  }

  /** Closes what can be closed and writes it all at once. */
  #settle(settled_h: number, pair: PairRow | null, samples: readonly SampleRow[] = []): void {
    const { judged, log, store } = this.#parts;
    const session = judged.current;
    session?.close(log.history, log.watermark_h ?? settled_h);
    store.settle({
      settled_h,
      ...(session === null ? {} : { session: saved(session, pair) }),
      checked_samples: samples.map(({ id }) => id),
    });
    this.#settled_h = settled_h;
  }
}

function saved(session: Session, pair: PairRow | null) {
  return {
    id: session.id,
    state: JSON.stringify(session.state),
    station_sums: session.hours.station_sums,
    needed_from_h: session.neededFrom_h(),
    ...(pair === null ? {} : { pair }),
  };
}

function differ({ stable, canary }: Asked): boolean {
  return 'answer' in stable && 'answer' in canary && stable.answer.release !== canary.answer.release;
}

function pairOf(issue_h: number, stable: SideAnswer, canary: SideAnswer): { pair: PairRow; invalid: number } {
  const digests = new Uint8Array(canary.records.length * DIGEST_BYTES);
  let invalid = 0;
  for (const [s, { input_digest, values_kw }] of canary.records.entries()) {
    digests.set(Buffer.from(input_digest.slice('sha256:'.length), 'hex'), s * DIGEST_BYTES);
    // Where the stable has no number either, nothing is known of the station: a dead meter is no fault of the candidate.
    if (values_kw.includes(null) && Number.isFinite(stable.values_kw[s * LEADS])) invalid++;
  }
  return { pair: { issue_h, candidate: canary.values_kw, stable: stable.values_kw, digests }, invalid };
}

function unlessAborted(signal: AbortSignal) {
  return (error: unknown) => {
    if (!signal.aborted) throw error;
  };
}
