import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Tariff } from '../core/judge/settings.ts';
import { type ForecastRecord, LEADS } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { Answers } from './answers.ts';
import { otherArms } from './arms.ts';
import { DatabaseError } from './database.ts';
import { driftDays } from './day-drift.ts';
import type { DriftWatch } from './drift.ts';
import type { Events } from './events.ts';
import { DIGEST_BYTES } from './frozen.ts';
import { closeAnswers } from './groups.ts';
import type { CandidateKey, Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Parity, ParityResult } from './parity.ts';
import type { PairRow, Repository } from './repository.ts';
import type { Session } from './session.ts';
import { askSide, type SideAnswer, type SideResult } from './side.ts';
import type { Truth } from './truth.ts';
import type { Turns } from './turns.ts';

/** Issue hours asked for at once; they are settled in order. */
const AHEAD = 6;
/** Issue hours that are asked for again after an absence; older ones are missed. */
const MAX_BEHIND = 48;
/** Stations are recomputed at the first pair hours of a candidate, and then now and then. */
const FIRST_FULL_CHECKS = 3;
const FULL_CHECK_EVERY_HOURS = 6;
/** Of a larger fleet each of these checks takes the next so many: each recomputation needs two weeks of a station's history. */
const STATIONS_PER_CHECK = 2000;

/** After a write that failed. */
const PAUSE_MS = 1000;

/** Both sides' answers for one issue hour: the candidate's default arm, and its others by name. */
type Asked = { stable: SideResult; canary: SideResult; others: ReadonlyMap<string, SideResult> };
/** What one arm gives to the hour's settling. */
type ArmHour = {
  pair: PairRow;
  invalid: number;
  suspects: ForecastRecord[];
  parity: ParityResult;
  /** Whether it was an hour of the regular check. */
  full: boolean;
};
type Log = { warn: (what: object, message: string) => void; info: (what: object, message: string) => void };

type Parts = {
  log: ObservationLog;
  truth: Truth;
  drift: DriftWatch;
  repository: Repository;
  judged: Judged;
  turns: Turns;
  parity: Parity;
  answers: Answers;
  events: Events;
  tariff: Tariff;
  urls: { stable: string; canary: string };
  registry: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  logger: Log;
};

/**
 * Asks both versions for the same station-hours whenever the watermark moves, and settles issue hours strictly in order, so that every
 * sum is a function of the log and the answers alone. While both Services run one release, one station is asked to notice a change.
 */
export class Pairing {
  #settled_h: number | null = null;
  readonly #parts: Parts;
  readonly #asked = new Map<number, Promise<Asked>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.turns.beforeFirst(async () => {
      this.#settled_h = await parts.repository.settledHour();
    });
  }

  get settled_h(): number | null {
    return this.#settled_h;
  }

  /** Issue hours that are known but not settled. */
  get behind(): number {
    const { log, judged } = this.#parts;
    if (log.watermark_h === null) return 0;
    if (this.#settled_h === null) return 1;
    const behind = log.watermark_h - this.#settled_h;
    return judged.active ? behind : Math.min(behind, 1);
  }

  /** Runs until the signal aborts, over every failure of the database; anything else that it throws is a fault of this program. */
  async run(): Promise<void> {
    const { log, signal, turns, logger } = this.#parts;
    while (!signal.aborted) {
      try {
        if (!turns.fresh) await turns.load();
        const { watermark_h } = log;
        if (watermark_h === null || watermark_h === this.#settled_h) await log.moved(signal);
        else await this.#step(watermark_h);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof DatabaseError)) throw error;
        logger.warn({ err: error }, 'the database failed; trying again');
        await delay(PAUSE_MS, undefined, { signal }).catch(unlessAborted(signal));
      }
    }
  }

  async #step(watermark_h: number): Promise<void> {
    const { judged, log, signal } = this.#parts;
    if (!judged.active) {
      const asked = await this.#askDefault(watermark_h, 1);
      if (signal.aborted) return;
      if (!differ(asked)) return this.#settle(watermark_h);
      this.#settled_h = watermark_h - 1;
    }
    const issue_h = (this.#settled_h ?? watermark_h - 1) + 1;
    if (watermark_h - issue_h >= MAX_BEHIND) return this.#miss(issue_h);
    for (let h = issue_h; h <= Math.min(watermark_h, issue_h + AHEAD - 1); h++)
      if (!this.#asked.has(h)) this.#asked.set(h, this.#ask(h, log.history.stations.length));
    const asked = await this.#asked.get(issue_h);
    this.#asked.delete(issue_h);
    if (asked === undefined || signal.aborted) return;
    await this.#judge(issue_h, asked);
  }

  #askCommon(issue_h: number, stations: number) {
    const { dispatcher, signal, log } = this.#parts;
    return { issue_h, stations: log.history.stations.slice(0, stations), dispatcher, signal };
  }

  async #askDefault(issue_h: number, stations: number): Promise<Omit<Asked, 'others'>> {
    const { urls } = this.#parts;
    const common = this.#askCommon(issue_h, stations);
    const [stable, canary] = await Promise.all([
      askSide({ ...common, url: urls.stable }),
      askSide({ ...common, url: urls.canary }),
    ]);
    return { stable, canary };
  }

  async #ask(issue_h: number, stations: number): Promise<Asked> {
    const { urls, registry } = this.#parts;
    const asked = await this.#askDefault(issue_h, stations);
    const others = new Map<string, SideResult>();
    if (!differ(asked) || !('answer' in asked.canary)) return { ...asked, others };
    const { release, arm: default_arm } = asked.canary.answer;
    const ask = { ...this.#askCommon(issue_h, stations), url: urls.canary };
    const arms = otherArms(registry, release, default_arm);
    const answers = await Promise.all(arms.map((arm) => askSide({ ...ask, arm })));
    for (const [i, arm] of arms.entries()) others.set(arm, answers[i] ?? { failure: 'was not asked' });
    return { ...asked, others };
  }

  async #judge(issue_h: number, asked: Asked): Promise<void> {
    const { stable, canary, others } = asked;
    this.#warn(issue_h, asked);
    if ('failure' in stable || 'failure' in canary) return this.#incomplete(issue_h, stable, canary);
    if (stable.answer.release !== canary.answer.release)
      return this.#pair(issue_h, stable.answer, canary.answer, others);
    this.#asked.clear();
    await this.#settle(issue_h, (draft) => {
      draft.state.active = false;
      return null;
    });
  }

  #warn(issue_h: number, { stable, canary, others }: Asked): void {
    for (const [side, result] of Object.entries({ stable, canary, ...Object.fromEntries(others) }))
      if ('failure' in result) {
        const what = { side, issue_time: isoOfHour(issue_h), reason: result.failure };
        this.#parts.logger.warn(what, 'a side did not answer');
      }
  }

  #incomplete(issue_h: number, stable: SideResult, canary: SideResult): Promise<void> {
    const why = 'answer' in stable || 'answer' in canary ? 'one-sided' : 'unanswered';
    const stations = this.#parts.log.history.stations.length;
    return this.#settle(issue_h, (draft) => {
      // Another candidate than the one under judgement is not its failure.
      const its = 'failure' in canary || canary.answer.release === draft.key.release;
      if (draft.state.active && its) draft.skip(issue_h, stations, why);
      return null;
    });
  }

  #miss(issue_h: number): Promise<void> {
    const { log, logger } = this.#parts;
    this.#asked.delete(issue_h);
    logger.warn({ issue_time: isoOfHour(issue_h) }, `more than ${MAX_BEHIND} hours behind: this hour is not paired`);
    return this.#settle(issue_h, (draft) => {
      draft.skip(issue_h, log.history.stations.length, 'missed');
      return null;
    });
  }

  async #pair(issue_h: number, stable: SideAnswer, canary: SideAnswer, others: Asked['others']): Promise<void> {
    const { judged, log, signal } = this.#parts;
    const answers = answersOf(canary, others);
    await this.#takeUp(
      { release: canary.release, pod_hash: canary.pod_hash, stable: stable.release },
      [canary.arm, ...others.keys()],
      issue_h,
    );
    const hours = new Map<string, ArmHour>();
    for (const session of judged.sessions) {
      const answer = answers.get(session.key.arm);
      if (answer !== undefined) hours.set(session.key.arm, await this.#checked(session, issue_h, stable, answer));
    }
    // A check cut short by the end of this process is made again by the next.
    if (signal.aborted) return;
    const { stations } = log.history;
    await this.#settle(issue_h, (draft) => {
      draft.state.stable_arm = stable.arm;
      return take(draft, issue_h, hours.get(draft.key.arm), stations);
    });
  }

  async #takeUp(key: CandidateKey, arms: readonly string[], issue_h: number): Promise<void> {
    const { judged, logger, turns, events } = this.#parts;
    if (!judged.judges(key))
      logger.info({ ...key, arms, issue_time: isoOfHour(issue_h) }, 'a candidate comes under judgement');
    const problems = await turns.take(async () => {
      if (!judged.judges(key)) {
        await judged.begin(key, arms, issue_h);
        await events.follow();
      }
      return judged.seekBacktests();
    });
    for (const problem of problems) logger.warn({ problem }, 'no backtest: the guard cannot speak');
  }

  /** Holds an arm's answer against recomputed forecasts. */
  async #checked(session: Session, issue_h: number, stable: SideAnswer, canary: SideAnswer): Promise<ArmHour> {
    const { parity, log, logger } = this.#parts;
    const { full_checks, last_full_check_h } = session.state;
    const { pair, invalid } = pairOf(issue_h, stable, canary);
    const suspects = session.suspects(pair).flatMap((s) => canary.records[s] ?? []);
    const full = full_checks < FIRST_FULL_CHECKS || issue_h - (last_full_check_h ?? 0) >= FULL_CHECK_EVERY_HOURS;
    const records = new Set([...(full ? turnOf(canary.records, full_checks) : []), ...suspects]);
    const result = await parity.check([...records], log.history, session.scalesOrLive(log.history.stations));
    if (result.unavailable !== null) logger.warn({ reason: result.unavailable }, 'forecasts could not be recomputed');
    return { pair, invalid, suspects, parity: result, full };
  }

  /** Settles an hour in one turn: `change` changes each arm's draft, then what can be closed is closed, and all of it is written at once. */
  async #settle(settled_h: number, change: (draft: Session) => PairRow | null = () => null): Promise<void> {
    const { judged, log, truth, drift, repository, turns, answers, tariff } = this.#parts;
    await turns.take(async () => {
      const drafts = judged.sessions.map((session) => session.draft());
      const sessions = drafts.map((draft) => {
        const pair = change(draft);
        const watermark_h = log.watermark_h ?? settled_h;
        draft.close(truth, watermark_h, { drift, tariff });
        if (draft.state.active) closeAnswers(draft, answers, log.history, Answers.lastComplete(watermark_h));
        return { ...draft.saved(), pair, needed_from_h: draft.neededFrom_h() };
      });
      await repository.settle({ settled_h, sessions, drift: driftDays(drafts) });
      judged.replace(drafts);
      answers.forget();
      this.#settled_h = settled_h;
    });
  }
}

/** The records that the `turn`-th check takes: all of them, or the next STATIONS_PER_CHECK around the fleet. */
function turnOf(records: readonly ForecastRecord[], turn: number): readonly ForecastRecord[] {
  if (records.length <= STATIONS_PER_CHECK) return records;
  const from = (turn * STATIONS_PER_CHECK) % records.length;
  return [...records.slice(from), ...records.slice(0, from)].slice(0, STATIONS_PER_CHECK);
}

function take(draft: Session, issue_h: number, hour: ArmHour | undefined, stations: readonly string[]): PairRow | null {
  if (hour === undefined) {
    draft.skip(issue_h, stations.length, 'one-sided');
    return null;
  }
  draft.take(hour.pair, hour.invalid, stations);
  draft.compared(hour.parity, hour.suspects, hour.full ? issue_h : null);
  return hour.pair;
}

function differ({ stable, canary }: Omit<Asked, 'others'>): boolean {
  return 'answer' in stable && 'answer' in canary && stable.answer.release !== canary.answer.release;
}

/** The arms that answered as the same release in the same version of its pods. */
function answersOf(canary: SideAnswer, others: Asked['others']): Map<string, SideAnswer> {
  const answers = new Map([[canary.arm, canary]]);
  for (const [arm, result] of others)
    if ('answer' in result && result.answer.release === canary.release && result.answer.pod_hash === canary.pod_hash)
      answers.set(arm, result.answer);
  return answers;
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
