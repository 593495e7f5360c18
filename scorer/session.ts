import { addCost, type CostSums, zeroCost } from '../core/business/cost.ts';
import { isWhole } from '../core/forecast-columns.ts';
import type { Backtest } from '../core/judge/backtest.ts';
import { type ConsistencyState, newConsistency } from '../core/judge/consistency-stream.ts';
import { type GroupsState, newGroups } from '../core/judge/groups/state.ts';
import type { IssuePair } from '../core/judge/lead-groups.ts';
import { type LiveSums, liveScales, type PairedHours, zeroSums } from '../core/judge/pairs.ts';
import { type ImplausibleReason, implausibleReasons, zeroReasons } from '../core/judge/plausible.ts';
import type { Tariff } from '../core/judge/settings.ts';
import { forThetas } from '../core/judge/theta.ts';
import { type ForecastRecord, LEADS } from '../core/record.ts';
import { compareForecasts, compareLosses } from './consistency.ts';
import type { WatchedHour } from './day-drift.ts';
import { type DriftState, type DriftWatch, newDrift } from './drift.ts';
import { exactJson } from './exact-json.ts';
import { suspectStations } from './frozen.ts';
import type { ParityResult } from './parity.ts';
import type { PairRow, SavedSession, SessionKey } from './repository.ts';
import type { Truth } from './truth.ts';

/**
 * Everything counted about one arm of a candidate against one stable; what the database keeps as JSON, so it must not grow with the stations.
 * A module that remembers more has its own slice here, and its first value in `newState`.
 */
export type SessionState = {
  /** Whether the last settled hour had this candidate beside this stable. */
  active: boolean;
  first_issue_h: number;
  last_issue_h: number;
  /** The last target hour that was closed. */
  closed_h: number;
  sums: LiveSums;
  /** Readings that cannot be true, among the labels that are missing. */
  quarantined: Record<ImplausibleReason, number>;
  /** What first proved the arm harmful, and with which closed hour; null: nothing did. */
  harm: { closed_h: number; sentence: string } | null;
  /** Forecasts of one station at one issue hour: asked for (less those that neither version has), made by both, made by one alone. */
  pairs_expected: number;
  pairs_complete: number;
  pairs_one_sided: number;
  /** The arm that the stable answers as; null until it did. */
  stable_arm: string | null;
  /** Issue hours that a side did not answer, and those that were never asked because the scorer was away too long. */
  hours_incomplete: number;
  hours_missed: number;
  invalid: number;
  frozen: number;
  served: number;
  served_fallback: number;
  parity_checked: number;
  parity_broken: number;
  /** Why forecasts could not be recomputed, the last time. */
  parity_unavailable: string | null;
  /** The first difference found, for people. */
  parity_first_break: string | null;
  full_checks: number;
  last_full_check_h: number | null;
  drift: DriftState;
  consistency: ConsistencyState;
  /** What errors cost over the closed target hours. */
  cost: CostSums;
  groups: GroupsState;
};

export function newState(first_issue_h: number): SessionState {
  return {
    active: true,
    first_issue_h,
    last_issue_h: first_issue_h - 1,
    closed_h: first_issue_h + LEADS - 1,
    sums: zeroSums(),
    quarantined: zeroReasons(),
    harm: null,
    pairs_expected: 0,
    pairs_complete: 0,
    pairs_one_sided: 0,
    stable_arm: null,
    hours_incomplete: 0,
    hours_missed: 0,
    invalid: 0,
    frozen: 0,
    served: 0,
    served_fallback: 0,
    parity_checked: 0,
    parity_broken: 0,
    parity_unavailable: null,
    parity_first_break: null,
    full_checks: 0,
    last_full_check_h: null,
    drift: newDrift(),
    consistency: newConsistency(),
    cost: zeroCost(),
    groups: newGroups(first_issue_h),
  };
}

/** The stations of an issue hour in their order, and how many of them a forecast is expected of. */
export type Fleet = { station_ids: readonly string[]; expected: number };

/** Issue hours that a forecast is compared with to see whether it is an old one; below what open hours keep anyway. */
const SUSPECT_HOURS = 12;

/** Looking a fleet's scales up by name costs more than judging an hour. Stations are only ever added: the length tells whether all are there. */
const scalesOf = new WeakMap<Backtest, Float64Array>();

/** Why a session's arm is proven harmful now, as a sentence; null: it is not. */
export type HarmOf = (session: Session) => string | null;
type Closing = { drift: DriftWatch; tariff: Tariff; harmOf: HarmOf };

/** One arm of the candidate under judgement. It is changed in a draft, and the draft takes its place once it is written. */
export class Session {
  readonly id: number;
  readonly key: SessionKey;
  readonly state: SessionState;
  readonly hours: PairedHours;
  /** Who answers each station, as closeHour leaves it. Replaced, never changed: copies share it. */
  station_groups: Float64Array;
  backtest: Backtest | null;
  /** Why there is no backtest to judge by. */
  backtest_problem: string | null = null;
  /** What this draft's closing hours showed of drift: written with it, and then no longer of use. */
  readonly watched: WatchedHour[] = [];
  readonly #digests = new Map<number, Uint8Array>();

  constructor(
    id: number,
    key: SessionKey,
    state: SessionState,
    kept: { hours: PairedHours; station_groups: Float64Array; backtest: Backtest | null },
  ) {
    this.id = id;
    this.key = key;
    this.state = state;
    this.hours = kept.hours;
    this.station_groups = kept.station_groups;
    this.backtest = kept.backtest;
  }

  /** A copy to change. */
  draft(): Session {
    const state = structuredClone(this.state);
    const draft = new Session(this.id, this.key, state, {
      hours: this.hours.copy(state.sums),
      station_groups: this.station_groups,
      backtest: this.backtest,
    });
    draft.backtest_problem = this.backtest_problem;
    for (const [issue_h, digests] of this.#digests) draft.#digests.set(issue_h, digests);
    return draft;
  }

  /** What is written of it. */
  saved(): Required<SavedSession> {
    const { id, state, hours, station_groups } = this;
    return { id, state: exactJson(state), station_sums: hours.station_sums, station_groups };
  }

  /** Puts a pair back that was taken before a restart. */
  recall(pair: PairRow): void {
    this.hours.put(pair.issue_h, pair);
    this.#digests.set(pair.issue_h, pair.digests);
  }

  /** Stations whose candidate forecast seems to stand still: pods take turns, so not only the last hour's answer may come again. */
  suspects(pair: PairRow): number[] {
    const suspects = new Set<number>();
    for (let issue_h = pair.issue_h - 1; issue_h >= pair.issue_h - SUSPECT_HOURS; issue_h--) {
      const before = this.hours.issue(issue_h);
      const digests = this.#digests.get(issue_h);
      if (before === undefined || digests === undefined) continue;
      for (const station of suspectStations({ ...before, digests }, pair)) suspects.add(station);
    }
    return [...suspects];
  }

  take(pair: PairRow, invalid: number, { station_ids, expected }: Fleet): void {
    const { state } = this;
    const { both, one } = sidesOf(pair);
    this.recall(pair);
    const scale_kw = this.scales(station_ids);
    if (scale_kw !== null) compareForecasts(this, pair, scale_kw, expected);
    state.pairs_expected += both + one;
    state.pairs_complete += both;
    state.pairs_one_sided += one;
    state.invalid += invalid;
    state.last_issue_h = pair.issue_h;
  }

  /** What a comparison with recomputed forecasts found; `full_h`: the issue hour, where it was one of the regular check. */
  compared(result: ParityResult, suspects: readonly ForecastRecord[], full_h: number | null): void {
    const { state } = this;
    const { checked, broken, first_break, unavailable } = result;
    state.parity_checked += checked;
    state.parity_broken += broken.size;
    state.frozen += suspects.filter((record) => broken.has(record)).length;
    state.parity_first_break ??= first_break;
    state.parity_unavailable = unavailable;
    if (full_h === null || unavailable !== null || checked === 0) return;
    state.full_checks++;
    state.last_full_check_h = full_h;
  }

  /** An issue hour that lacks a side, or both, or was never asked for. */
  skip(issue_h: number, stations: number, why: 'one-sided' | 'unanswered' | 'missed'): void {
    this.state.pairs_expected += stations;
    if (why === 'one-sided') this.state.pairs_one_sided += stations;
    this.state[why === 'missed' ? 'hours_missed' : 'hours_incomplete']++;
    this.state.last_issue_h = issue_h;
  }

  /** Closes every target hour whose watermark has passed and whose issue hours are all settled. */
  close(truth: Truth, watermark_h: number, { drift, tariff, harmOf }: Closing): void {
    const { state } = this;
    const scale_kw = this.scales(truth.stations);
    const last_h = Math.min(watermark_h - truth.truth_delay_hours, state.last_issue_h + 1);
    for (let target_h = state.closed_h + 1; target_h <= last_h; target_h++) {
      const { kw, expected, quarantined } = truth.of(target_h);
      const day_ahead = this.hours.issue(target_h - LEADS);
      if (day_ahead !== undefined) addCost(state.cost, day_ahead, kw, tariff);
      const means = this.hours.close(target_h, kw, scale_kw, expected);
      const begun = drift.watch(state.drift, target_h, scale_kw === null ? null : means);
      this.watched.push({ target_h, begun });
      if (means !== null && scale_kw !== null) compareLosses(this, target_h, means);
      for (const reason of implausibleReasons) state.quarantined[reason] += quarantined[reason];
      this.#digests.delete(target_h - LEADS);
      state.closed_h = target_h;
      this.#watch(harmOf);
    }
  }

  /** Kept from the first hour on that shows it, whichever hours are closed together. */
  #watch(harmOf: HarmOf): void {
    const { state } = this;
    if (state.harm !== null) return;
    const sentence = harmOf(this);
    if (sentence !== null) state.harm = { closed_h: state.closed_h, sentence };
  }

  /** Issue hours before this are needed by no open hour. */
  neededFrom_h(): number {
    return this.state.closed_h + 1 - LEADS;
  }

  /**
   * Takes a backtest, and returns it as it is judged by. Of the first the scales become known: sums without them are worth nothing, so n
   * starts again. Of a second look the words are taken, and the sums go on with what they began on.
   */
  learn(read: Backtest, harmOf: HarmOf): Backtest {
    const first = this.backtest;
    this.backtest = first === null ? read : withSecondLook(first, read);
    this.backtest_problem = null;
    if (first === null) {
      this.hours.restart();
      this.state.consistency = newConsistency();
    }
    this.#watch(harmOf);
    return this.backtest;
  }

  /** m_s in the order of the stations, NaN where unknown; null without a backtest. */
  scales(stations: readonly string[]): Float64Array | null {
    const { backtest } = this;
    if (backtest === null) return null;
    const known = scalesOf.get(backtest);
    if (known?.length === stations.length) return known;
    const scales = Float64Array.from(stations, (station_id) => backtest.scale_kw[station_id] ?? Number.NaN);
    scalesOf.set(backtest, scales);
    return scales;
  }

  /** m_s, or where no backtest gave it the stable's error so far. */
  scalesOrLive(stations: readonly string[]): Float64Array {
    return this.scales(stations) ?? liveScales(this.hours.station_sums, stations.length);
  }
}

/** What a second look says, with the m_s, variances and limits of the first. */
function withSecondLook(first: Backtest, second: Backtest): Backtest {
  const { scale_kw, consistency } = first;
  const theta = forThetas((_, name) => ({ look: second.theta[name].look, guard: first.theta[name].guard }));
  return { ...second, scale_kw, consistency, theta };
}

/** Stations that both sides forecast in full, and that one alone did; where neither does, nothing is known of the station. */
function sidesOf({ candidate, stable }: IssuePair): { both: number; one: number } {
  let [both, one] = [0, 0];
  for (let row = 0; row < stable.length / LEADS; row++) {
    const sides = Number(isWhole(candidate, row)) + Number(isWhole(stable, row));
    if (sides === 2) both++;
    else if (sides === 1) one++;
  }
  return { both, one };
}
