import { abortTheta, GUARD } from '../../core/judge/guard.ts';
import { thetaValue } from '../../core/judge/theta.ts';
import { type PlannedPhase, phaseOfStep, type Sample, type SampleKey, type Timeline } from '../../core/timeline.ts';
import type { VerdictBacktest } from '../../core/verdict.ts';
import type { Plot } from './plots.ts';

type Row = Record<string, string | number>;

const colours = { stable: 'var(--stable)', candidate: 'var(--candidate)' };
const seconds = {
  field: 's',
  type: 'quantitative',
  title: 'seconds since the candidate was applied',
  scale: { nice: false },
  axis: { tickCount: 10 },
} as const;
const line = { type: 'line', strokeWidth: 2, interpolate: 'linear' } as const;

type Limits = { latency_ms: number | null; accepted_loss: boolean };

/** Plots of the rollout, without those that nothing was measured for; all share one axis of real time, with the phases shaded alike. */
export function timelinePlots(timeline: Timeline, limits: Limits): Plot[] {
  const at = clockOf(timeline);
  const plots = [
    weightPlot(timeline, at),
    accuracyPlot(timeline, at, limits),
    latencyPlot(timeline, at, limits.latency_ms),
    memoryPlot(timeline, at),
  ];
  return plots.filter((plot) => plot !== null);
}

type Clock = (iso: string) => number;

function clockOf({ started_at }: Timeline): Clock {
  const start_ms = Date.parse(started_at);
  return (iso) => Math.round((Date.parse(iso) - start_ms) / 10) / 100;
}

type Band = { from: number; to: number; phase: string; shade: number };

function bandsOf({ events, phases, end }: Timeline, at: Clock): Band[] {
  const steps = events.filter(({ kind, step }) => kind === 'step' && step !== null);
  const starts = new Map<PlannedPhase, number>();
  for (const { step, at: time } of steps) {
    const phase = phaseOfStep(phases, step);
    if (phase && !starts.has(phase)) starts.set(phase, at(time));
  }
  const reached = [...starts];
  return reached.map(([phase, from], i) => ({
    from,
    to: reached[i + 1]?.[1] ?? at(end.at),
    phase: phase.weight_percent === 0 ? phase.name : `${phase.weight_percent} %`,
    shade: i % 2,
  }));
}

function shades(timeline: Timeline, at: Clock): object {
  return {
    data: { values: bandsOf(timeline, at).filter(({ shade }) => shade === 1) },
    mark: { type: 'rect', color: 'var(--shade)' },
    encoding: { x: { ...seconds, field: 'from' }, x2: { field: 'to' } },
  };
}

function weightPlot(timeline: Timeline, at: Clock): Plot {
  const steps: Row[] = timeline.events
    .filter(({ kind, weight_percent }) => (kind === 'weight' || kind === 'step') && weight_percent !== null)
    .map((event) => ({ s: at(event.at), weight: event.weight_percent ?? 0 }));
  const values = [{ s: 0, weight: 0 }, ...steps, { s: at(timeline.end.at), weight: timeline.end.weight_percent ?? 0 }];
  const bands = bandsOf(timeline, at).map((band) => ({ ...band, middle: (band.from + band.to) / 2 }));
  const labels = (width: number) => ({
    // On a phone the ramp's phases are narrower than their labels; the axis says the weight there.
    data: { values: width > 500 ? bands : bands.slice(0, 1) },
    mark: { type: 'text', baseline: 'bottom', y: -4 },
    encoding: { x: { ...seconds, field: 'middle' }, text: { field: 'phase' } },
  });
  const area = {
    data: { values },
    mark: {
      type: 'area',
      interpolate: 'step-after',
      color: colours.candidate,
      opacity: 0.25,
      line: { color: colours.candidate },
    },
    encoding: {
      x: seconds,
      y: {
        field: 'weight',
        type: 'quantitative',
        title: '% of stations',
        stack: null,
        scale: { domain: [0, 100] },
        axis: { values: [0, 25, 50, 75, 100] },
      },
    },
  };
  const path = bands.map(({ phase }) => phase).join(', ');
  return {
    id: 'weights',
    title: 'Stations served by the candidate',
    description: `Share of stations over time, through the phases ${path}; at the end ${timeline.end.weight_percent ?? 0} %.`,
    height: 150,
    spec: (width) => ({
      padding: { top: 20, left: 5, right: 5, bottom: 5 },
      layer: [shades(timeline, at), area, labels(width)],
    }),
  };
}

/** Extra error in percent, with its anytime-valid bounds; the earliest bounds are wider than anything else and run out of the plot. */
function accuracyPlot(timeline: Timeline, at: Clock, { accepted_loss }: Limits): Plot | null {
  const values = timeline.samples.flatMap((sample) => accuracyRow(sample, at));
  const last = values.at(-1);
  if (last === undefined) return null;
  const means = values.map(({ mean = 0 }) => Math.abs(Number(mean)));
  const limit = Math.max(10, Math.ceil((2.5 * Math.max(0, ...means.slice(-Math.ceil(means.length / 2)))) / 10) * 10);
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    title: '% more error than stable',
    scale: { domain: [-limit, limit] },
    axis: { tickCount: 5 },
  });
  const band = {
    data: { values: values.filter((row) => 'lower' in row) },
    mark: { type: 'area', color: colours.candidate, opacity: 0.2, clip: true },
    encoding: { x: seconds, y: y('lower'), y2: { field: 'upper' } },
  };
  const mean = {
    data: { values },
    mark: { ...line, color: colours.candidate, clip: true },
    encoding: { x: seconds, y: y('mean') },
  };
  const abort = Math.round(100 * (thetaValue(abortTheta(accepted_loss)) + GUARD.delta));
  const rules = [rule(0, 'var(--dim)', [1, 0]), { ...rule(abort, 'var(--bad)', [5, 4]) }];
  return {
    id: 'accuracy',
    title: 'Live accuracy: error of the candidate against the stable version, with bounds that hold at every look',
    description: `At the end ${Number(last.mean).toFixed(1)} % against the stable version, bounds ${last.lower ?? 'none'} to ${last.upper ?? 'none'} %. The release would abort with the lower bound above ${abort} %.`,
    height: 240,
    spec: () => ({ layer: [shades(timeline, at), band, ...rules, mean] }),
  };
}

function rule(y: number, color: string, strokeDash: [number, number]): object {
  return {
    data: { values: [{ y }] },
    mark: { type: 'rule', color, strokeDash },
    encoding: { y: { field: 'y', type: 'quantitative' } },
  };
}

function accuracyRow({ at: time, values }: Sample, at: Clock): Row[] {
  const { mae_stable, mae_canary, accuracy_lower, accuracy_upper } = values;
  if (!mae_stable || typeof mae_canary !== 'number') return [];
  const percent = (share: number) => Math.round(share * 1000) / 10;
  const row: Row = { s: at(time), mean: percent(mae_canary / mae_stable - 1) };
  if (typeof accuracy_lower !== 'number' || typeof accuracy_upper !== 'number') return [row];
  return [{ ...row, lower: percent(accuracy_lower / mae_stable), upper: percent(accuracy_upper / mae_stable) }];
}

type Sides = { stable: SampleKey; candidate: SampleKey };

/** One row per side and look. */
function sideRows({ samples }: Timeline, at: Clock, keys: Sides, scale: number): Row[] {
  return samples.flatMap(({ at: time, values }) =>
    (['stable', 'candidate'] as const).flatMap((side) => {
      const value = values[keys[side]];
      return typeof value === 'number' ? [{ s: at(time), side, value: value / scale }] : [];
    }),
  );
}

function sidesLayer(values: Row[], title: string): object {
  const scale = { domain: ['stable', 'candidate'], range: [colours.stable, colours.candidate] };
  return {
    data: { values },
    mark: line,
    encoding: {
      x: seconds,
      y: { field: 'value', type: 'quantitative', title, axis: { tickCount: 5 } },
      color: { field: 'side', type: 'nominal', scale },
    },
  };
}

function latencyPlot(timeline: Timeline, at: Clock, limit_ms: number | null): Plot | null {
  const values = sideRows(timeline, at, { stable: 'latency_ms_p99_stable', candidate: 'latency_ms_p99_canary' }, 1);
  if (values.length === 0) return null;
  const limits = values
    .filter(({ side }) => side === 'stable')
    .map(({ s = 0, value }) => ({ s, value: Number(value) + (limit_ms ?? 0) }));
  const limit = {
    data: { values: limits },
    mark: { ...line, strokeWidth: 1, strokeDash: [5, 4], color: 'var(--bad)' },
    encoding: { x: seconds, y: { field: 'value', type: 'quantitative' } },
  };
  return {
    id: 'latency',
    title: `p99 latency of routed forecasts${limit_ms === null ? '' : `; dashed: the limit, ${limit_ms} ms above the stable version`}`,
    description: sidesDescription(values, 'ms'),
    height: 190,
    spec: () => ({ layer: [shades(timeline, at), ...(limit_ms === null ? [] : [limit]), sidesLayer(values, 'ms')] }),
  };
}

function memoryPlot(timeline: Timeline, at: Clock): Plot | null {
  const values = sideRows(timeline, at, { stable: 'memory_bytes_stable', candidate: 'memory_bytes_canary' }, 1e6);
  if (values.length === 0) return null;
  return {
    id: 'memory',
    title: 'Memory of the largest pod',
    description: sidesDescription(values, 'MB'),
    height: 160,
    spec: () => ({ layer: [shades(timeline, at), sidesLayer(values, 'MB')] }),
  };
}

function sidesDescription(values: Row[], unit: string): string {
  const last = (side: string) => values.findLast((row) => row.side === side)?.value;
  const text = (value: Row[string] | undefined) =>
    value === undefined ? 'not measured' : `${Number(value).toFixed(1)} ${unit}`;
  return `At the end: candidate ${text(last('candidate'))}, stable ${text(last('stable'))}.`;
}

export type DailyLossRatio = { day: string; ratio: number };

export function backtestPlot(daily: readonly DailyLossRatio[], backtest: VerdictBacktest): Plot {
  const values = daily.map(({ day, ratio }) => ({ day, percent: Math.round(1000 * (ratio - 1)) / 10 }));
  const better = values.filter(({ percent }) => percent < 0).length;
  const y = { field: 'percent', type: 'quantitative', title: '% more error than stable' };
  const points = {
    data: { values },
    mark: { type: 'point', filled: true, size: 24, color: colours.candidate },
    encoding: { x: { field: 'day', type: 'temporal', title: null, axis: { grid: false, format: '%-d %b' } }, y },
  };
  return {
    id: 'backtest',
    title: 'Backtest: error of the candidate against the stable version, day by day',
    description: `On ${better} of ${values.length} days the candidate erred less. ${backtest.sentence}`,
    height: 190,
    spec: () => ({ layer: [rule(0, 'var(--dim)', [1, 0]), points] }),
  };
}
