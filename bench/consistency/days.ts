import type { ConsistencySeries } from '../../core/judge/consistency-constants.ts';

/** Whole days of a series, 24 values each: what a bootstrap draws. Issue hours are those before each target hour of the day. */
export type Days = { days: number; columns: Record<Column, Float64Array> };

const columnNames = ['candidate', 'stable', 'bias', 'log_distance', 'size'] as const;
type Column = (typeof columnNames)[number];

/** The whole days of which every issue hour is there too. */
export function wholeDays({ hours, issues }: ConsistencySeries): Days {
  const rows = new Map(Array.from(issues?.issue_h ?? [], (issue_h, i) => [issue_h, i]));
  const kept: number[] = [];
  for (let d = 0; 24 * d < hours.target_h.length; d++) {
    const at = Array.from({ length: 24 }, (_, i) => hours.target_h[24 * d + i] ?? Number.NaN);
    if (at.every((target_h) => rows.has(target_h - 1))) kept.push(d);
  }
  const source = (name: Column) => (name === 'candidate' || name === 'stable' ? hours[name] : (issues?.[name] ?? []));
  const value = (name: Column, at: number) => {
    const row = name === 'candidate' || name === 'stable' ? at : (rows.get((hours.target_h[at] ?? 0) - 1) ?? -1);
    return source(name)[row] ?? Number.NaN;
  };
  const column = (name: Column) =>
    Float64Array.from({ length: 24 * kept.length }, (_, i) =>
      value(name, 24 * (kept[Math.floor(i / 24)] ?? 0) + (i % 24)),
    );
  return {
    days: kept.length,
    columns: {
      ...{ candidate: column('candidate'), stable: column('stable') },
      ...{ bias: column('bias'), log_distance: column('log_distance'), size: column('size') },
    },
  };
}

/** Those days in this order, as if they followed one another. */
export function assembled({ columns }: Days, order: Int32Array): ConsistencySeries {
  const column = (name: Column) => {
    const out = new Float64Array(24 * order.length);
    for (const [i, day] of order.entries()) out.set(columns[name].subarray(24 * day, 24 * (day + 1)), 24 * i);
    return out;
  };
  const counted = (first: number) => Float64Array.from({ length: 24 * order.length }, (_, i) => first + i);
  return {
    hours: { target_h: counted(1), candidate: column('candidate'), stable: column('stable') },
    issues: {
      issue_h: counted(0),
      ...{ bias: column('bias'), log_distance: column('log_distance'), size: column('size') },
    },
  };
}
