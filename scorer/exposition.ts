import type { EventCounts } from '../core/business/events.ts';
import { armAlpha } from '../core/judge/guard.ts';
import { groupsScaled, labelsMissing, scaledErrors } from '../core/judge/pairs.ts';
import { thetaNames } from '../core/judge/theta.ts';
import { ALL_LEADS, metrics, thetas } from '../core/metrics.ts';
import { HOUR_MS } from '../core/telemetry.ts';
import { consistencySamples } from './consistency.ts';
import { type DriftWatch, driftSamples } from './drift.ts';
import { type Ignored, ignoredReasons } from './ignored.ts';
import type { Outcomes } from './outcomes.ts';
import type { Session } from './session.ts';

/** Without it Prometheus refuses the scrape. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Metric = { name: string; type: string; help: string };
type Sample = { labels: Record<string, string>; value: number };

export type Exposed = {
  outcomes: (session: Session) => Outcomes;
  /** One per arm of the candidate under judgement. */
  sessions: readonly Session[];
  /** Whether an arm's switch keeps it from answering. */
  isOff: (session: Session) => boolean;
  drift: DriftWatch;
  stations: readonly string[];
  watermark_h: number | null;
  pairs_behind: number;
  ignored: Ignored;
};

/** All of the scorer's metrics as Prometheus text: those of the candidate under judgement, and of the scorer itself. */
export function exposition(exposed: Exposed): string {
  const { sessions, watermark_h, pairs_behind } = exposed;
  const families: [Metric, Sample[]][] = [
    [metrics.pairs_behind, [{ labels: {}, value: pairs_behind }]],
    [metrics.ignored, ignoredSamples(exposed.ignored)],
  ];
  if (watermark_h !== null)
    families.push([metrics.watermark_s, [{ labels: {}, value: (watermark_h * HOUR_MS) / 1000 }]]);
  for (const session of sessions) {
    families.push(...counted(session, watermark_h), ...judged(session, exposed.stations, armAlpha(sessions.length)));
    families.push(...driftSamples(exposed.drift, session.state.drift, labelsOf(session.key)));
    families.push([
      metrics.arm_switched_off,
      [{ labels: labelsOf(session.key), value: Number(exposed.isOff(session)) }],
    ]);
    families.push(...outcome(session, exposed.outcomes(session)));
  }
  return merged(families)
    .map(([metric, samples]) => family(metric, samples))
    .join('');
}

function ignoredSamples(ignored: Ignored): Sample[] {
  return (['forecast', 'event'] as const).flatMap((kind) =>
    ignoredReasons[kind].map((reason) => ({ labels: { kind, reason }, value: ignored.of(kind, reason) })),
  );
}

/** All arms' samples of a metric stand together, as the format wants. */
function merged(families: readonly [Metric, Sample[]][]): [Metric, Sample[]][] {
  const byMetric = new Map<Metric, Sample[]>();
  for (const [metric, samples] of families) byMetric.set(metric, [...(byMetric.get(metric) ?? []), ...samples]);
  return [...byMetric];
}

function counted({ key, state }: Session, watermark_h: number | null): [Metric, Sample[]][] {
  const labels = labelsOf(key);
  const last_h = state.active ? (watermark_h ?? state.last_issue_h) : state.last_issue_h;
  const values: [Metric, number][] = [
    [metrics.release_hours, Math.max(last_h - state.first_issue_h, 0)],
    [metrics.pairs_expected, state.pairs_expected],
    [metrics.pairs_complete, state.pairs_complete],
    [metrics.pairs_one_sided, state.pairs_one_sided],
    [metrics.labels_expected, state.sums.labels_expected],
    [metrics.labels_matured, state.sums.labels_matured],
    [metrics.labels_missing, labelsMissing(state.sums)],
    [metrics.invalid, state.invalid],
    [metrics.frozen, state.frozen],
    [metrics.parity_checked, state.parity_checked],
    [metrics.parity_broken, state.parity_broken],
  ];
  const quarantined = Object.entries(state.quarantined).map(([reason, value]) => ({
    labels: { ...labels, reason },
    value,
  }));
  return [
    ...values.map(([metric, value]): [Metric, Sample[]] => [metric, [{ labels, value }]]),
    [metrics.quarantined, quarantined],
  ];
}

function judged(session: Session, stations: readonly string[], alpha: number): [Metric, Sample[]][] {
  const { key, state, backtest, hours } = session;
  const labels = labelsOf(key);
  const perTheta = (of: (name: (typeof thetaNames)[number]) => number | undefined): Sample[] =>
    thetaNames.flatMap((name) => {
      const value = of(name);
      return value === undefined ? [] : [{ labels: { ...labels, theta: thetas[name] }, value }];
    });
  const scaled = {
    [ALL_LEADS]: scaledErrors(hours.station_sums, session.scalesOrLive(stations)),
    ...groupsScaled(state.sums),
  };
  const perSide = (error: 'mae' | 'rmse'): Sample[] =>
    Object.entries(scaled).flatMap(([lead_group, of]) =>
      Object.entries(of?.[error] ?? {}).map(([side, value]) => ({ labels: { ...labels, side, lead_group }, value })),
    );
  const verdicts = ['abort', 'win', 'safe', 'continue', 'none'].map((verdict) => ({
    labels: { ...labels, verdict },
    value: backtest?.verdict === verdict ? 1 : 0,
  }));
  return [
    [metrics.pair_hours, perTheta(() => state.sums.hours)],
    // Without m_s there is no D, and without its variance no bound.
    [metrics.pair_sum, perTheta((name) => (backtest === null ? undefined : state.sums.theta[name].sum))],
    [metrics.pair_sumsq, perTheta((name) => (backtest === null ? undefined : state.sums.theta[name].sumsq))],
    [metrics.sigma0_sq, perTheta((name) => backtest?.theta[name].guard?.sigma0_sq)],
    [metrics.kappa, perTheta((name) => backtest?.theta[name].guard?.kappa)],
    [metrics.guard_alpha, perTheta(() => alpha)],
    [metrics.backtest_verdict, backtest === null ? [] : verdicts],
    [metrics.mae_scaled, perSide('mae')],
    [metrics.rmse_scaled, perSide('rmse')],
    ...consistencySamples(session).map(([metric, samples]): [Metric, Sample[]] => [metric, samples]),
  ];
}

function outcome({ key }: Session, outcomes: Outcomes): [Metric, Sample[]][] {
  const labels = labelsOf(key);
  const one = (value: number | null): Sample[] => (value === null ? [] : [{ labels, value }]);
  const { answered, hours_lost_chi2, latency_e, cost, events } = outcomes;
  const perGroup = (of: keyof EventCounts): Sample[] =>
    Object.entries(events).map(([group, counts]) => ({ labels: { ...labels, group }, value: counts[of] }));
  return [
    [metrics.stations_answered, one(answered.stations)],
    [metrics.stations_canary, one(answered.canary)],
    [metrics.sample_ratio_chi2, one(hours_lost_chi2)],
    [metrics.latency_e, one(latency_e)],
    [
      metrics.cost,
      (['candidate', 'stable'] as const).map((side) => ({ labels: { ...labels, side }, value: cost[side] })),
    ],
    [metrics.cost_saved, one(cost.saved)],
    [metrics.engagement_shown, perGroup('shown')],
    [metrics.engagement_followed, perGroup('followed')],
    [metrics.feedback_scores, perGroup('scores')],
    [metrics.feedback_score_sum, perGroup('score_sum')],
  ];
}

function labelsOf({ release, pod_hash, arm }: Session['key']): Record<string, string> {
  return { release, pod_hash, arm };
}

function family({ name, type, help }: Metric, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
