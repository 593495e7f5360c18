import { LEADS } from '../record.ts';
import { MOST_SQUARED } from './squared.ts';

/** Forecast hours ahead that are reported beside the mean over all: an operator trades the next hours, a planner the next day. */
export const leadGroups = ['1-6', '7-12', '13-18', '19-24'] as const;
export type LeadGroup = (typeof leadGroups)[number];

/** Leads of one group. */
const GROUP_LEADS = LEADS / leadGroups.length;

/** Number of the group that `lead` (1 to LEADS) is in. */
export function groupOfLead(lead: number): number {
  return Math.floor((lead - 1) / GROUP_LEADS);
}

/** One group's sums over station-hours, of errors in units of m_s; each a station-hour's mean over the group's leads. */
export type GroupSums = {
  station_hours: number;
  candidate: number;
  stable: number;
  candidate_squared: number;
  stable_squared: number;
};

/** One issue hour that both sides forecast: `[station * LEADS + lead - 1]`, NaN where a value is missing. */
export type IssuePair = { candidate: Float64Array; stable: Float64Array };

/** Numbers per station: means over leads of |candidate - y| and |stable - y|, in kW, and of their squares. */
export const ERROR_FIELDS = 4;

export function zeroGroups(): Record<LeadGroup, GroupSums> {
  const zero = () => ({ station_hours: 0, candidate: 0, stable: 0, candidate_squared: 0, stable_squared: 0 });
  return { '1-6': zero(), '7-12': zero(), '13-18': zero(), '19-24': zero() };
}

/**
 * Errors per station of one target hour at the leads of group number `group`, `[station * ERROR_FIELDS + field]`: NaN unless the truth and
 * both sides have every lead. `issued(lead)` is the pair issued so many hours before; null where one of them is missing.
 */
export function groupErrors(
  group: number,
  issued: (lead: number) => IssuePair | undefined,
  truth_kw: Float64Array,
): Float64Array | null {
  const errors = new Float64Array(truth_kw.length * ERROR_FIELDS);
  for (let lead = group * GROUP_LEADS + 1; lead <= (group + 1) * GROUP_LEADS; lead++) {
    const pair = issued(lead);
    if (pair === undefined) return null;
    addLead(errors, lead, pair, truth_kw);
  }
  return errors.map((sum) => sum / GROUP_LEADS);
}

function addLead(errors: Float64Array, lead: number, pair: IssuePair, truth_kw: Float64Array): void {
  for (let s = 0; s < truth_kw.length; s++) {
    const at = s * ERROR_FIELDS;
    const y = truth_kw[s] ?? Number.NaN;
    const candidate = (pair.candidate[s * LEADS + lead - 1] ?? Number.NaN) - y;
    const stable = (pair.stable[s * LEADS + lead - 1] ?? Number.NaN) - y;
    // Only station-hours of both sides count: a NaN of either makes all four NaN.
    const one = Number.isNaN(candidate + stable) ? Number.NaN : 1;
    errors[at] = (errors[at] ?? 0) + Math.abs(candidate) * one;
    errors[at + 1] = (errors[at + 1] ?? 0) + Math.abs(stable) * one;
    errors[at + 2] = (errors[at + 2] ?? 0) + candidate * candidate * one;
    errors[at + 3] = (errors[at + 3] ?? 0) + stable * stable * one;
  }
}

/** Errors over all leads; groups are of one size, so that their mean is the mean over leads. Null where one is missing. */
export function allLeads(groups: readonly (Float64Array | null)[]): Float64Array | null {
  const [first, ...rest] = groups;
  if (first === undefined || first === null) return null;
  const sum = first.slice();
  for (const errors of rest) {
    if (errors === null) return null;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (errors[i] ?? 0);
  }
  return sum.map((value) => value / groups.length);
}

export function addGroup(sums: GroupSums, errors: Float64Array, scale_kw: Float64Array): void {
  for (let s = 0; s * ERROR_FIELDS < errors.length; s++) {
    const at = s * ERROR_FIELDS;
    const scale = scale_kw[s] ?? Number.NaN;
    const candidate = (errors[at] ?? 0) / scale;
    if (Number.isNaN(candidate)) continue;
    sums.station_hours++;
    sums.candidate += candidate;
    sums.stable += (errors[at + 1] ?? 0) / scale;
    sums.candidate_squared += Math.min((errors[at + 2] ?? 0) / scale ** 2, MOST_SQUARED);
    sums.stable_squared += Math.min((errors[at + 3] ?? 0) / scale ** 2, MOST_SQUARED);
  }
}

/** Mean absolute and root mean squared error over m_s of both sides; null while nothing was scored. */
export function groupScaled(sums: GroupSums) {
  const { station_hours: n } = sums;
  if (n === 0) return null;
  return {
    mae: { candidate: sums.candidate / n, stable: sums.stable / n },
    rmse: { candidate: Math.sqrt(sums.candidate_squared / n), stable: Math.sqrt(sums.stable_squared / n) },
  };
}
