import { LEADS } from '../record.ts';
import { addDifference, type HourMeans, hourMeans, type ThetaSums } from './hour-means.ts';
import {
  addGroup,
  allLeads,
  ERROR_FIELDS,
  type GroupSums,
  groupErrors,
  groupScaled,
  type IssuePair,
  type LeadGroup,
  leadGroups,
  zeroGroups,
} from './lead-groups.ts';
import { usableScale } from './paired-days.ts';
import { MOST_SQUARED } from './squared.ts';

export type { IssuePair } from './lead-groups.ts';

/** Sums over judged target hours; they start at 0 and are all that the guard needs. */
export type LiveSums = {
  /** n: hours judged. */
  hours: number;
  theta: ThetaSums;
  /** Every station-hour that both sides scored at the group's leads, once; empty while m_s is not known. */
  lead_groups: Record<LeadGroup, GroupSums>;
  labels_expected: number;
  labels_matured: number;
};

/** Per station: station-hours, then sums of the absolute errors of candidate and stable, and of the squared ones, clipped where m_s is known. */
export const STATION_FIELDS = 1 + ERROR_FIELDS;

export function zeroSums(): LiveSums {
  const zero = () => ({ sum: 0, sumsq: 0 });
  return {
    hours: 0,
    theta: { abort: zero(), safe: zero(), win: zero() },
    lead_groups: zeroGroups(),
    labels_expected: 0,
    labels_matured: 0,
  };
}

/** Station-hours whose truth was due and is not there, or cannot be true. */
export function labelsMissing({ labels_expected, labels_matured }: LiveSums): number {
  return labels_expected - labels_matured;
}

/**
 * Live pairing as a pure state machine: issue hours go in, target hours are closed in order, sums come out. What it holds is bounded by
 * the forecast horizon plus the hours not yet closed.
 */
export class PairedHours {
  readonly sums: LiveSums;
  /** `[station * STATION_FIELDS + field]` over the judged hours; grows with the stations. Replaced, never changed: copies share it. */
  station_sums: Float64Array;
  readonly #issues = new Map<number, IssuePair>();

  constructor(sums: LiveSums = zeroSums(), station_sums: Float64Array = new Float64Array(0)) {
    this.sums = sums;
    this.station_sums = station_sums;
  }

  /** The same open hours beside other sums. */
  copy(sums: LiveSums): PairedHours {
    const copy = new PairedHours(sums, this.station_sums);
    for (const [issue_h, pair] of this.#issues) copy.put(issue_h, pair);
    return copy;
  }

  put(issue_h: number, pair: IssuePair): void {
    this.#issues.set(issue_h, pair);
  }

  issue(issue_h: number): IssuePair | undefined {
    return this.#issues.get(issue_h);
  }

  /** What was judged so far is forgotten, open hours are not: for when the scales become known late. */
  restart(): void {
    const { hours, theta, lead_groups } = zeroSums();
    Object.assign(this.sums, { hours, theta, lead_groups });
    this.station_sums = new Float64Array(this.station_sums.length);
  }

  /**
   * Closes target hour `target_h` on the truth as known at its watermark (NaN = missing). Without scales (m_s, NaN where unknown) the hour
   * is counted and its errors are summed, but D(theta) is not. `expected`: stations that a reading can be expected of.
   */
  close(
    target_h: number,
    truth_kw: Float64Array,
    scale_kw: Float64Array | null,
    expected = truth_kw.length,
  ): HourMeans | null {
    this.sums.labels_expected += expected;
    this.sums.labels_matured += truth_kw.reduce((n, y) => (Number.isNaN(y) ? n : n + 1), 0);
    const issued = (lead: number) => this.#issues.get(target_h - lead);
    const groups = leadGroups.map((_name, group) => groupErrors(group, issued, truth_kw));
    for (const [group, name] of leadGroups.entries()) {
      const errors = groups[group] ?? null;
      if (errors !== null && scale_kw !== null) addGroup(this.sums.lead_groups[name], errors, scale_kw);
    }
    const errors = allLeads(groups);
    const means = errors === null ? null : this.#judge(errors, scale_kw, expected);
    this.forget(target_h - LEADS);
    return means;
  }

  /** Drops the issue hour that no later target hour needs. */
  forget(issue_h: number): void {
    this.#issues.delete(issue_h);
  }

  #judge(errors: Float64Array, scale_kw: Float64Array | null, expected: number): HourMeans | null {
    const means = hourMeans(errors, ERROR_FIELDS, scale_kw, expected);
    if (means === null) return null;
    this.sums.hours++;
    this.#addStations(errors, scale_kw);
    if (scale_kw !== null) addDifference(this.sums.theta, means);
    return means;
  }

  #addStations(errors: Float64Array, scale_kw: Float64Array | null): void {
    const stations = errors.length / ERROR_FIELDS;
    const sums = atLeast(this.station_sums, stations * STATION_FIELDS).slice();
    for (let s = 0; s < stations; s++) {
      if (Number.isNaN(errors[s * ERROR_FIELDS] ?? Number.NaN)) continue;
      const at = s * STATION_FIELDS;
      const scale = scale_kw?.[s] ?? Number.NaN;
      const most = Number.isNaN(scale) ? Number.POSITIVE_INFINITY : MOST_SQUARED * scale ** 2;
      sums[at] = (sums[at] ?? 0) + 1;
      for (let f = 0; f < ERROR_FIELDS; f++) {
        const error = errors[s * ERROR_FIELDS + f] ?? 0;
        sums[at + 1 + f] = (sums[at + 1 + f] ?? 0) + (f < 2 ? error : Math.min(error, most));
      }
    }
    this.station_sums = sums;
  }
}

/** The same numbers in an array of at least `length`. */
export function atLeast(array: Float64Array, length: number): Float64Array {
  if (array.length >= length) return array;
  const grown = new Float64Array(length);
  grown.set(array);
  return grown;
}

/** Mean absolute and root mean squared error over m_s of both sides over the judged station-hours; null while there are none. */
export function scaledErrors(station_sums: Float64Array, scale_kw: Float64Array) {
  const total = new Float64Array(STATION_FIELDS);
  for (let s = 0; s * STATION_FIELDS < station_sums.length; s++) {
    const scale = scale_kw[s] ?? Number.NaN;
    if (Number.isNaN(scale)) continue;
    for (let f = 0; f < STATION_FIELDS; f++) {
      const unit = f === 0 ? 1 : f <= 2 ? scale : scale * scale;
      total[f] = (total[f] ?? 0) + (station_sums[s * STATION_FIELDS + f] ?? 0) / unit;
    }
  }
  const [n = 0, candidate = 0, stable = 0, candidate_sq = 0, stable_sq = 0] = total;
  if (n === 0) return null;
  return {
    mae: { candidate: candidate / n, stable: stable / n },
    rmse: { candidate: Math.sqrt(candidate_sq / n), stable: Math.sqrt(stable_sq / n) },
  };
}

/** As `scaledErrors`, of each lead group. */
export function groupsScaled({ lead_groups }: LiveSums) {
  return Object.fromEntries(leadGroups.map((name) => [name, groupScaled(lead_groups[name])]));
}

/** The stable's mean absolute error per station over the judged hours: m_s where no backtest gave it. */
export function liveScales(station_sums: Float64Array, stations: number): Float64Array {
  return Float64Array.from({ length: stations }, (_, s) => {
    const n = station_sums[s * STATION_FIELDS] ?? 0;
    return usableScale((station_sums[s * STATION_FIELDS + 2] ?? 0) / n);
  });
}
