import { EventEmitter, once } from 'node:events';
import type { Dispatcher } from 'undici';
import type { ForecastColumns } from '../core/forecast-columns.ts';
import { armAlpha } from '../core/judge/guard.ts';
import type { Tariff } from '../core/judge/settings.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { Answers } from './answers.ts';
import { type Asked, answersOf, askAll, askDefaults, differ } from './both-sides.ts';
import { driftDays } from './day-drift.ts';
import type { DriftWatch } from './drift.ts';
import type { Events } from './events.ts';
import { closeAnswers } from './groups.ts';
import { harmOf, switchedOff } from './harm.ts';
import type { CandidateKey, Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { type ArmHour, checkedPair } from './pair-check.ts';
import type { Parity } from './parity.ts';
import type { PairRow, Repository } from './repository.ts';
import type { Fleet, Session } from './session.ts';
import type { SideResult } from './side.ts';
import type { Switches } from './switches.ts';
import type { Truth } from './truth.ts';
import type { Turns } from './turns.ts';
import { untilAborted } from './until-aborted.ts';

/** Issue hours asked for at once; they are settled in order. */
const AHEAD = 6;
/** Issue hours that are asked for again after an absence; older ones are missed. */
const MAX_BEHIND = 48;

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
  switches: Switches;
  tariff: Tariff;
  /** Whether the plan accepts a proven small loss. */
  accepted_loss: boolean;
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
  readonly #moved = new EventEmitter();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.turns.beforeFirst(async () => this.#move(await parts.repository.settledHour()));
  }

  /** The last issue hour that is settled; null before the first. */
  get settled_h(): number | null {
    return this.#settled_h;
  }

  /** Resolves once the last settled hour is another than `settled_h`; rejects when `signal` aborts. */
  async settledBeyond(settled_h: number | null, signal: AbortSignal): Promise<void> {
    while (this.#settled_h === settled_h) await once(this.#moved, 'moved', { signal });
  }

  /** Issue hours that are known but not settled. */
  get behind(): number {
    const { log, judged } = this.#parts;
    if (log.watermark_h === null) return 0;
    if (this.#settled_h === null) return 1;
    const behind = log.watermark_h - this.#settled_h;
    return judged.active ? behind : Math.min(behind, 1);
  }

  /** Runs until the signal aborts, over every failure of the database. */
  run(): Promise<void> {
    const { log, signal, turns } = this.#parts;
    return untilAborted(this.#parts, async () => {
      if (!turns.fresh) await turns.load();
      const { watermark_h } = log;
      if (watermark_h === null || watermark_h === this.#settled_h) await log.moved(signal);
      else await this.#step(watermark_h);
    });
  }

  async #step(watermark_h: number): Promise<void> {
    const { judged, log, signal } = this.#parts;
    if (!judged.active) {
      const asked = await askDefaults(this.#parts, {
        issue_h: watermark_h,
        stations: log.history.stations.slice(0, 1),
      });
      if (signal.aborted) return;
      if (!differ(asked)) return this.#settle(watermark_h);
      this.#move(watermark_h - 1);
    }
    const issue_h = (this.#settled_h ?? watermark_h - 1) + 1;
    if (watermark_h - issue_h >= MAX_BEHIND) return this.#miss(issue_h);
    const stations = [...log.history.stations];
    for (let h = issue_h; h <= Math.min(watermark_h, issue_h + AHEAD - 1); h++)
      if (!this.#asked.has(h)) this.#asked.set(h, askAll(this.#parts, { issue_h: h, stations }));
    const asked = await this.#asked.get(issue_h);
    this.#asked.delete(issue_h);
    if (asked === undefined || signal.aborted) return;
    await this.#judge(issue_h, asked);
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
    const stations = this.#parts.log.history.expected(issue_h, issue_h);
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
      draft.skip(issue_h, log.history.expected(issue_h, issue_h), 'missed');
      return null;
    });
  }

  async #pair(
    issue_h: number,
    stable: ForecastColumns,
    canary: ForecastColumns,
    others: Asked['others'],
  ): Promise<void> {
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
      if (answer === undefined) continue;
      hours.set(session.key.arm, await checkedPair(this.#parts, session, { issue_h, stable, canary: answer }));
    }
    // A check cut short by the end of this process is made again by the next.
    if (signal.aborted) return;
    const fleet = { station_ids: log.history.stations, expected: log.history.expected(issue_h, issue_h) };
    await this.#settle(issue_h, (draft) => {
      draft.state.stable_arm = stable.arm;
      return take(draft, issue_h, hours.get(draft.key.arm), fleet);
    });
  }

  async #takeUp(key: CandidateKey, arms: readonly string[], issue_h: number): Promise<void> {
    const { judged, logger, turns, events } = this.#parts;
    if (!judged.judges(key, arms))
      logger.info({ ...key, arms, issue_time: isoOfHour(issue_h) }, 'a candidate comes under judgement');
    const problems = await turns.take(async () => {
      if (!judged.judges(key, arms)) {
        await judged.begin(key, arms, issue_h);
        await events.follow();
      }
      return judged.seekBacktests(this.#harmOf);
    });
    for (const problem of problems) logger.warn({ problem }, 'no backtest: the guard cannot speak');
  }

  /** Settles an hour in one turn: `change` changes each arm's draft, then what can be closed is closed, and all of it is written at once. */
  async #settle(settled_h: number, change: (draft: Session) => PairRow | null = () => null): Promise<void> {
    const { judged, log, truth, drift, repository, turns, answers, tariff, switches } = this.#parts;
    await turns.take(async () => {
      const drafts = judged.sessions.map((session) => session.draft());
      const sessions = drafts.map((draft) => {
        const pair = change(draft);
        const watermark_h = log.watermark_h ?? settled_h;
        draft.close(truth, watermark_h, { drift, tariff, harmOf: this.#harmOf });
        if (draft.state.active) closeAnswers(draft, answers, log.history, Answers.lastComplete(watermark_h));
        return { ...draft.saved(), pair, needed_from_h: draft.neededFrom_h() };
      });
      const switched = switchedOff(drafts, judged.current?.arms ?? new Map());
      const events = await repository.settle({ settled_h, sessions, drift: driftDays(drafts), switched });
      judged.replace(drafts);
      switches.moved(events);
      answers.forget();
      this.#move(settled_h);
    });
  }

  readonly #harmOf = (session: Session): string | null => {
    const { judged, accepted_loss } = this.#parts;
    return harmOf(session, { alpha: armAlpha(judged.sessions.length), accepted_loss });
  };

  #move(settled_h: number | null): void {
    this.#settled_h = settled_h;
    this.#moved.emit('moved');
  }
}

function take(draft: Session, issue_h: number, hour: ArmHour | undefined, fleet: Fleet): PairRow | null {
  if (hour === undefined) {
    draft.skip(issue_h, fleet.expected, 'one-sided');
    return null;
  }
  draft.take(hour.pair, hour.invalid, fleet);
  draft.compared(hour.parity, hour.suspects, hour.full ? issue_h : null);
  return hour.pair;
}
