import type { Assessment } from '../../core/assessment/assess.ts';
import type { Interval } from '../../core/assessment/estimate.ts';
import type { Plot } from '../../lab/report/plots.ts';

const colour = {
  field: 'window',
  type: 'nominal',
  scale: { domain: ['before', 'after'], range: ['var(--stable)', 'var(--candidate)'] },
} as const;
const day = { field: 'day', type: 'temporal', title: null, axis: { grid: false, format: '%-d %b' } } as const;

/** The plots that there is data for. */
export function plotsOf(assessment: Assessment): Plot[] {
  return [changes(assessment), errors(assessment), latency(assessment), leads(assessment), stations(assessment)].filter(
    (plot) => plot !== null,
  );
}

/** Every judged change with its interval, beside its goal. */
function changes({ success, accuracy, energy }: Assessment): Plot | null {
  const rows = [
    { name: 'error (MAE)', change: accuracy.mae?.change, goal: -success.accuracy_percent },
    { name: 'error (RMSE)', change: accuracy.rmse?.change, goal: null },
    { name: 'energy cost', change: energy.change?.change, goal: -success.outcome_percent },
  ].flatMap(({ name, change, goal }) => (change === undefined ? [] : [{ name, ...shares(change), goal }]));
  if (rows.length === 0) return null;
  const y = { field: 'name', type: 'nominal', title: null, sort: null } as const;
  const x = (field: string) => ({ field, type: 'quantitative', title: '% change; green: the goal' });
  const layer = [
    { data: { values: [{ zero: 0 }] }, mark: { type: 'rule', color: 'var(--dim)' }, encoding: { x: x('zero') } },
    {
      data: { values: rows.filter(({ low }) => low !== null) },
      mark: { type: 'rule', strokeWidth: 6, opacity: 0.35, color: 'var(--candidate)' },
      encoding: { y, x: x('low'), x2: { field: 'high' } },
    },
    {
      data: { values: rows },
      mark: { type: 'point', filled: true, size: 70, color: 'var(--candidate)' },
      encoding: { y, x: x('value') },
    },
    {
      data: { values: rows.filter(({ goal }) => goal !== null) },
      mark: { type: 'tick', thickness: 2, size: 26, color: 'var(--good)' },
      encoding: { y, x: x('goal') },
    },
  ];
  const text = rows.map(({ name, value }) => `${name} ${value} %`).join(', ');
  return {
    id: 'changes',
    title: 'What changed, with 95 % intervals',
    description: `${text}.`,
    height: 130,
    spec: () => ({ layer }),
  };
}

function shares({ value, low, high }: Interval) {
  const percent = (share: number | null) => (share === null ? null : Math.round(1000 * share) / 10);
  return { value: percent(value), low: percent(low), high: percent(high) };
}

function errors({ daily: { error_ratio } }: Assessment): Plot | null {
  if (error_ratio.length === 0) return null;
  const values = error_ratio.map(({ ratio, ...row }) => ({ ...row, percent: Math.round(1000 * (ratio - 1)) / 10 }));
  const y = { field: 'percent', type: 'quantitative', title: '% more error than control' } as const;
  const layer = [
    { data: { values: [{ percent: 0 }] }, mark: { type: 'rule', color: 'var(--dim)' }, encoding: { y } },
    { data: { values }, mark: { type: 'point', filled: true, size: 24 }, encoding: { x: day, y, color: colour } },
  ];
  const better = values.filter(({ window, percent }) => window === 'after' && percent < 0).length;
  const after = values.filter(({ window }) => window === 'after').length;
  return {
    id: 'errors',
    title: "Error of what served against the control's of the same day",
    description: `In the after window what served erred less than the control on ${better} of ${after} days.`,
    height: 200,
    spec: () => ({ layer }),
  };
}

function latency({ daily: { latency_p99_ms } }: Assessment): Plot | null {
  if (latency_p99_ms.length === 0) return null;
  const y = { field: 'ms', type: 'quantitative', title: 'ms', scale: { zero: true } } as const;
  const mark = { type: 'point', filled: true, size: 24 };
  return {
    id: 'latency',
    title: 'p99 latency of each day',
    description: `${latency_p99_ms.length} days.`,
    height: 170,
    spec: () => ({ data: { values: latency_p99_ms }, mark, encoding: { x: day, y, color: colour } }),
  };
}

function leads({ accuracy: { lead_groups } }: Assessment): Plot | null {
  const rows = lead_groups.flatMap(({ leads, change }) => (change === null ? [] : [{ leads, ...shares(change) }]));
  if (rows.length === 0) return null;
  const x = { field: 'leads', type: 'nominal', title: 'hours ahead', sort: null, axis: { labelAngle: 0 } } as const;
  const y = (field: string) => ({ field, type: 'quantitative', title: '% change of error' });
  const layer = [
    {
      data: { values: rows },
      mark: { type: 'bar', width: { band: 0.5 }, color: 'var(--candidate)', opacity: 0.6 },
      encoding: { x, y: y('value') },
    },
    {
      data: { values: rows.filter(({ low }) => low !== null) },
      mark: { type: 'rule', color: 'var(--ink)' },
      encoding: { x, y: y('low'), y2: { field: 'high' } },
    },
  ];
  const text = rows.map(({ leads, value }) => `leads ${leads}: ${value} %`).join(', ');
  return {
    id: 'leads',
    title: 'Change by lead (kW over all stations: large ones weigh more)',
    description: `${text}.`,
    height: 170,
    spec: () => ({ layer }),
  };
}

function stations({ accuracy: { stations } }: Assessment): Plot | null {
  if (stations.length === 0) return null;
  const values = stations.map(({ change }, rank) => ({ rank, percent: Math.round(1000 * change) / 10 }));
  const encoding = {
    x: {
      field: 'rank',
      type: 'quantitative',
      title: 'stations, best first',
      scale: { nice: false },
      axis: { grid: false },
    },
    y: { field: 'percent', type: 'quantitative', title: '% change of error' },
  };
  const worse = stations.filter(({ change }) => change > 0).length;
  return {
    id: 'stations',
    title: 'Change at each station',
    description: `At ${worse} of ${stations.length} stations the error rose.`,
    height: 170,
    spec: () => ({
      data: { values },
      mark: { type: 'point', filled: true, size: 18, color: 'var(--candidate)' },
      encoding,
    }),
  };
}
