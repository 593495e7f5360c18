import { metrics, thetas } from '../../core/metrics.ts';

/** One series of a world: its name, what tells it from others beside its version, and its value at each hour since the beginning. */
type OddSeries = { name: string; labels: string; at: (hour: number) => number };

export const BEGIN_S = Date.parse('2026-03-01T00:00:00Z') / 1000;
export const STEP_H = 0.5;
/** Longer than the longest window of production: what ended so long ago is seen by nobody. */
export const STALE_H = 80;
const HOURS = 5000;

const gauge = ({ name }: { name: string }, value: number, labels = ''): OddSeries => ({
  name,
  labels,
  at: () => value,
});
const counter = ({ name }: { name: string }, per_h: number, labels = ''): OddSeries => ({
  name,
  labels,
  at: (hour) => per_h * hour,
});

/** What the one pod of a version exports while all is well: a hundred quick calls an hour. */
export function soundPod(): OddSeries[] {
  const { name } = metrics.request_ms;
  return [
    ...['50', '500', '+Inf'].map((le) => counter({ name: `${name}_bucket` }, 100, `purpose="served",le="${le}"`)),
    counter({ name: `${name}_count` }, 100, 'purpose="served"'),
    counter(metrics.requests, 100, 'purpose="served",code="200"'),
    counter(metrics.forecasts, 100, 'purpose="served"'),
    counter(metrics.fallbacks, 0, 'from="a",to="b",reason="nan"'),
    counter(metrics.cpu_s, 2),
    gauge(metrics.memory_bytes, 2e8),
    gauge(metrics.start_s, BEGIN_S - 100 * 3600),
  ];
}

/** What the scorer exports of a canary that is a little better than the stable and has a quarter of the stations. */
export function soundScores(): OddSeries[] {
  const guard = Object.values(thetas).flatMap((theta) => [
    gauge(metrics.pair_hours, HOURS, `theta="${theta}"`),
    gauge(metrics.pair_sum, -0.5 * HOURS, `theta="${theta}"`),
    gauge(metrics.pair_sumsq, 0.26 * HOURS, `theta="${theta}"`),
    gauge(metrics.sigma0_sq, 0.01, `theta="${theta}"`),
    gauge(metrics.kappa, 8, `theta="${theta}"`),
    gauge(metrics.guard_alpha, 0.01, `theta="${theta}"`),
  ]);
  const backtest = ['abort', 'win', 'safe', 'continue', 'none'].map((verdict) =>
    gauge(metrics.backtest_verdict, verdict === 'safe' ? 1 : 0, `verdict="${verdict}"`),
  );
  const counts: [{ name: string }, number][] = [
    [metrics.release_hours, HOURS],
    [metrics.parity_broken, 0],
    [metrics.parity_checked, 1000],
    [metrics.pairs_complete, 1000],
    [metrics.pairs_expected, 1000],
    [metrics.labels_matured, 1000],
    [metrics.labels_expected, 1000],
    [metrics.invalid, 0],
    [metrics.frozen, 1],
    [metrics.latency_e, 1],
    [metrics.stations_answered, 1150],
    [metrics.stations_canary, 288],
    [metrics.sample_ratio_chi2, 1],
  ];
  const alarms = [
    gauge(metrics.consistency_z, 1, 'alarm="drift"'),
    gauge(metrics.consistency_limit, 4, 'alarm="drift"'),
  ];
  return [...guard, ...backtest, ...counts.map(([metric, value]) => gauge(metric, value)), ...alarms];
}

export type Oddity = (series: OddSeries) => OddSeries & { until_h?: number };

/** What a series can be beside a finite number; null: it is not there at all. */
export const oddities: Record<string, Oddity | null> = {
  'no series at all': null,
  'NaN in all of them': (series) => ({ ...series, at: () => Number.NaN }),
  'infinity in all of them': (series) => ({ ...series, at: () => Number.POSITIVE_INFINITY }),
  'minus infinity in all of them': (series) => ({ ...series, at: () => Number.NEGATIVE_INFINITY }),
  'all ended long ago': (series) => ({ ...series, until_h: -STALE_H }),
};
