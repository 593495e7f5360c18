import { setTimeout as delay } from 'node:timers/promises';
import { type DayFact, emptyFact } from '../core/assessment/day-fact.ts';
import { DAY_MS } from '../core/assessment/days.ts';
import { dayOfHour, firstHourOf, joinScores, scoreDay } from '../core/assessment/score-day.ts';
import { Screen } from '../core/judge/screen.ts';
import { LEADS } from '../core/record.ts';
import { seasonalForecast } from '../core/seasonal.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { CONTROL } from './control.ts';
import type { DayCounts } from './day-counts.ts';
import { outcomesOfDay } from './day-outcomes.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Pairing } from './pairing.ts';
import { MAX_ITEMS, type Parity } from './parity.ts';
import type { Repository } from './repository.ts';
import { Unavailable, untilAborted } from './until-aborted.ts';

/**
 * Hours after which a reading is final, where the plan does not wait longer for the truth: corrections that come until then are in a day's
 * facts, though not in the live sums.
 */
const FINAL_AFTER_HOURS = 72;
/**
 * Hours after that at which a release that still cannot be recomputed gets facts without errors: one that the registry does not hold must not
 * keep the days after it waiting until their inputs are no longer held.
 */
const PATIENCE_HOURS = 48;
/** Days that are kept: a year to compare with, and a month to do it in. */
const KEPT_DAYS = 400;
/** Of the time, what making facts may take from the recomputer: they are in no hurry, and parity is. */
const DUTY = 0.1;
/** After a recomputer that did not answer. */
const PAUSE_MS = 10_000;

type Parts = {
  repository: Repository;
  log: ObservationLog;
  pairing: Pairing;
  parity: Parity;
  truth_delay_hours: number;
  signal: AbortSignal;
  logger: { warn: (what: object, message: string) => void };
};

/** Issue hour to forecasts of a block of stations: [station * LEADS + lead - 1]. */
type Forecasts = (issue_h: number, stations: readonly number[]) => Promise<Float64Array> | Float64Array;

/**
 * Makes the facts of each day once its readings are final: what each release that answered callers did, and the control beside it. Errors are
 * those of recomputed forecasts, for every station and hour, whether or not someone asked; parity is what says that served ones equal them. A
 * function of the log, the registry and the records taken, so a kill in between changes nothing.
 */
export class DailyFacts {
  readonly #parts: Parts;
  readonly #final_after_hours: number;
  readonly #screen: Screen;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#final_after_hours = Math.max(FINAL_AFTER_HOURS, parts.truth_delay_hours);
    this.#screen = new Screen(parts.log.history, this.#final_after_hours);
  }

  /** Runs until the signal aborts, over every failure of the database or the recomputer. */
  run(): Promise<void> {
    const { pairing, signal } = this.#parts;
    return untilAborted(this.#parts, async () => {
      const { settled_h } = pairing;
      const day = settled_h === null ? null : await this.#due(settled_h);
      if (day === null) await pairing.settledBeyond(settled_h, signal);
      else await this.#finish(day);
    });
  }

  /** The oldest day of which there are counts, whose readings are final and whose hours are closed: drift is seen as they close. */
  #due(settled_h: number): Promise<string | null> {
    return this.#parts.repository.unfinishedDay(dayOfHour(settled_h - this.#final_after_hours - 23));
  }

  async #finish(day: string): Promise<void> {
    const { repository } = this.#parts;
    const outcomes = await outcomesOfDay(repository, day);
    const facts: DayFact[] = [];
    for (const counts of await repository.dayCounts(day))
      facts.push({ ...(await this.#factOf(counts)), ...outcomes(counts) });
    const control = { ...this.#empty(day, CONTROL), role: 'control' as const };
    const score = await this.#score(day, (issue_h, stations) => this.#control(issue_h, stations));
    facts.push({ ...control, ...score, ...outcomes(CONTROL) });
    const oldest = new Date(Date.parse(day) - KEPT_DAYS * DAY_MS).toISOString().slice(0, 10);
    await repository.finishDay(day, facts, oldest);
  }

  async #factOf({ day, release, arm, answered, fallback, latency_counts, pod_hashes }: DayCounts): Promise<DayFact> {
    const score = await this.#recomputedScore(day, { release, arm });
    const fact = { ...this.#empty(day, { release, arm }), ...score };
    // Who only got mirrored calls answered nobody.
    if (answered === 0) return { ...fact, role: 'beside' };
    const pods = { pod_hashes: pod_hashes.length === 0 ? null : pod_hashes };
    return { ...fact, ...pods, role: 'serving', forecasts: { answered, failed: null, fallback }, latency_counts };
  }

  async #recomputedScore(
    day: string,
    of: { release: string; arm: string },
  ): Promise<Pick<DayFact, 'accuracy' | 'energy'>> {
    try {
      return await this.#score(day, (issue_h, stations) => this.#recompute(of, issue_h, stations));
    } catch (error) {
      const waited_h = (this.#parts.log.watermark_h ?? 0) - (firstHourOf(day) + 23 + this.#final_after_hours);
      if (!(error instanceof Unavailable) || waited_h < PATIENCE_HOURS) throw error;
      this.#parts.logger.warn({ err: error, day, ...of }, 'a day has no errors of this release');
      return { accuracy: null, energy: null };
    }
  }

  #empty(day: string, { release, arm }: { release: string; arm: string }): DayFact {
    const last_h = firstHourOf(day) + 23;
    const expected_station_hours = 24 * this.#parts.log.history.expected(last_h, last_h + this.#final_after_hours);
    return emptyFact({ day, release, arm, role: 'beside', expected_station_hours });
  }

  /** Errors of a day, a block of stations at a time, so that memory does not grow with them; not recorded where inputs are no longer held. */
  async #score(day: string, forecasts: Forecasts): Promise<Pick<DayFact, 'accuracy' | 'energy'>> {
    const { history } = this.#parts.log;
    const [first_h, stations] = [firstHourOf(day), [...history.stations.keys()]];
    const scores = [];
    for (let start = 0; start < stations.length; start += MAX_ITEMS) {
      const block = stations.slice(start, start + MAX_ITEMS);
      const issued = new Map<number, Float64Array>();
      for (let issue_h = first_h - LEADS; issue_h < first_h + 23; issue_h++) {
        if (!history.covers(issue_h)) return { accuracy: null, energy: null };
        issued.set(issue_h, await forecasts(issue_h, block));
      }
      const names = block.map((s) => history.stations[s] ?? '');
      scores.push(
        scoreDay({
          day,
          stations: names,
          truth_kw: (h) => Float64Array.from(block, (s) => this.#truth(s, h)),
          forecast_kw: (issue_h) => issued.get(issue_h) ?? null,
        }),
      );
    }
    return joinScores(scores);
  }

  /** A final reading; NaN where it is missing or cannot be true. */
  #truth(station: number, target_h: number): number {
    const value_kw = this.#parts.log.history.asOf(station, target_h, target_h + this.#final_after_hours);
    return this.#screen.check(station, target_h) === null ? value_kw : Number.NaN;
  }

  #control(issue_h: number, stations: readonly number[]): Float64Array {
    const values_kw = new Float64Array(stations.length * LEADS);
    for (const [row, s] of stations.entries())
      seasonalForecast(
        this.#parts.log.history.inputs(s, issue_h),
        CONTROL.lag_h,
        values_kw.subarray(row * LEADS, (row + 1) * LEADS),
      );
    return values_kw;
  }

  async #recompute(of: { release: string; arm: string }, issue_h: number, stations: readonly number[]) {
    const { parity, log, signal } = this.#parts;
    const issue_time = isoOfHour(issue_h);
    const items = stations.map((s) => ({
      station_id: log.history.stations[s] ?? '',
      issue_time,
      history_kw: log.history.inputs(s, issue_h),
    }));
    const began_ms = performance.now();
    let rows: (number | null)[][];
    try {
      rows = await parity.recompute(of, items);
    } catch (cause) {
      throw new Unavailable(`${of.release} cannot be recomputed`, { cause, pause_ms: PAUSE_MS });
    }
    await delay(((performance.now() - began_ms) * (1 - DUTY)) / DUTY, undefined, { signal });
    return Float64Array.from(rows.flat(), (value) => value ?? Number.NaN);
  }
}
