import type { Gate } from '../gate.ts';
import { abortTheta, GUARD } from '../judge/guard.ts';
import { guardPromql } from '../judge/guard-promql.ts';
import { FAILED_REQUEST, metrics } from '../metrics.ts';
import { thresholdIn } from '../plan.ts';
import type { Plan, Retraining } from '../plan-types.ts';
import { quantityNumber } from '../quantity.ts';
import type { Alert } from './alert.ts';
import { driftAlerts } from './drift-alerts.ts';
import { type Metadata, metadataOf } from './metadata.ts';
import { containerResources } from './resources.ts';
import { retiredIn } from './retirement.ts';
import { longestGapDays } from './retraining.ts';
import type { Target } from './target.ts';

/** The Prometheus operator's object: `monitoring.coreos.com/v1`, in the part that is used here. */
export type PrometheusRule = {
  apiVersion: 'monitoring.coreos.com/v1';
  kind: 'PrometheusRule';
  metadata: Metadata;
  spec: { groups: { name: string; rules: Rule[] }[] };
};
type Rule = Pick<Alert, 'alert' | 'expr' | 'for'> & Record<'labels' | 'annotations', Record<string, string>>;

/** Over a half hour an hourly call of each station gives a share; over less, single calls would. */
const WINDOW = '30m';
/** Share of a pod's limit that is nearly all of it. */
const NEARLY_ALL = 0.9;

/** What alerts beside the gates, which judge releases alone: drift, degradation, resources, the fallback, and what took a release back. */
export function prometheusRule(plan: Plan, gates: readonly Gate[], target: Target): PrometheusRule {
  const gone = new Set(retiredIn(plan).flatMap(({ alerts }) => alerts));
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadataOf(plan, target, `${plan.service}-alerts`),
    spec: {
      groups: Object.entries(alertRules(plan, gates, target)).map(([name, rules]) => ({
        name: `${plan.service}-${name}`,
        rules: rules.filter(({ alert }) => !gone.has(alert)),
      })),
    },
  };
}

/** Every alert there is, retired or not, by group. */
export function alertRules(plan: Plan, gates: readonly Gate[], target: Target): Record<string, Rule[]> {
  const groups = {
    drift: driftAlerts,
    service: serviceAlerts(plan, gates),
    release: releaseAlerts(plan, target),
    ...(plan.retraining === null ? {} : { retraining: retrainingAlerts(plan.retraining) }),
  };
  return Object.fromEntries(
    Object.entries(groups).map(([name, alerts]) => [name, alerts.map((alert) => ruleOf(plan, alert))]),
  );
}

function ruleOf(plan: Plan, { severity, summary, ...rule }: Alert): Rule {
  return {
    ...rule,
    labels: { severity, owner: plan.owner, service: plan.service },
    annotations: { summary, runbook_url: plan.runbook },
  };
}

function serviceAlerts(plan: Plan, gates: readonly Gate[]): Alert[] {
  const limits = containerResources(plan.resources.serving).limits;
  const limitOf = (name: string) => {
    const gate = gates.find((each) => each.name === name);
    return gate === undefined ? [] : [thresholdIn(plan, gate)];
  };
  const p99 = (offset: string) =>
    `histogram_quantile(0.99, sum by (le) (rate(${metrics.request_ms.name}_bucket{purpose!="pair"}[${WINDOW}]${offset})))`;
  const share = (part: string, all: string) =>
    `sum(increase(${part}[${WINDOW}])) / (sum(increase(${all}[${WINDOW}])) > 0)`;
  return [
    ...limitOf('latency').map(
      (ms): Alert => ({
        alert: 'LatencyDegraded',
        expr: `${p99('')} - ${p99(' offset 1d')} > ${ms}`,
        for: '15m',
        severity: 'warning',
        summary: `The p99 of the answers is more than ${ms} ms above yesterday's`,
      }),
    ),
    ...limitOf('errors').map(
      (most): Alert => ({
        alert: 'RequestsFail',
        expr: `${share(`${metrics.requests.name}{${FAILED_REQUEST}}`, metrics.requests.name)} > ${most}`,
        for: '15m',
        severity: 'critical',
        summary: `More than ${100 * most} % of the requests to the service fail`,
      }),
    ),
    ...limitOf('fallback').map(
      (most): Alert => ({
        alert: 'FallbackAnswers',
        expr: `${share(metrics.fallbacks.name, metrics.forecasts.name)} > ${most}`,
        severity: 'warning',
        summary: `More than ${100 * most} % of the forecasts come from the fallback, not from the release's own predictor`,
      }),
    ),
    {
      alert: 'MemoryNearlyFull',
      expr: `max by (pod) (${metrics.memory_bytes.name}) > ${NEARLY_ALL} * ${quantityNumber(limits.memory)}`,
      for: '15m',
      severity: 'warning',
      summary: `Pod {{ $labels.pod }} takes more than ${100 * NEARLY_ALL} % of its ${limits.memory}; beyond them it is ended`,
    },
    {
      alert: 'CpuNearlyFull',
      expr: `sum by (pod) (rate(${metrics.cpu_s.name}[${WINDOW}])) > ${NEARLY_ALL} * ${quantityNumber(limits.cpu)}`,
      for: '15m',
      severity: 'warning',
      summary: `Pod {{ $labels.pod }} has used more than ${100 * NEARLY_ALL} % of its CPU for half an hour`,
    },
  ];
}

function releaseAlerts({ service, judge }: Plan, { namespace }: Target): Alert[] {
  const theta = abortTheta(judge.accepted_loss !== null);
  return [
    {
      alert: 'ReleaseProvenWorse',
      expr: `${guardPromql({ matchers: 'release!=""', theta, bound: 'lower' })} > ${GUARD.delta}`,
      severity: 'critical',
      summary: 'The forecasts of {{ $labels.release }} ({{ $labels.arm }}) are proven worse than the stable version’s',
    },
    {
      alert: 'ReleaseAborted',
      expr: `increase(rollout_events_total{namespace="${namespace}",name="${service}",reason="RolloutAborted"}[1h]) > 0`,
      severity: 'critical',
      summary: `A release of ${service} was aborted: all stations have the stable version again`,
    },
    {
      // The controller looks at every Rollout every quarter of an hour at least, whatever happens (its --rollout-resync).
      alert: 'ReleaseStands',
      expr: `increase(rollout_reconcile_count{namespace="${namespace}",name="${service}"}[30m]) == 0`,
      for: '15m',
      severity: 'critical',
      summary: `Argo Rollouts has not looked at ${service} for half an hour: nothing would be advanced or taken back`,
    },
  ];
}

/** A retraining that fails, is killed or never starts leaves no success behind; that a worse model was refused is one. */
function retrainingAlerts({ model, days }: Retraining): Alert[] {
  const most_days = longestGapDays(days) + 1;
  return [
    {
      alert: 'RetrainingOverdue',
      expr: `time() - max(${metrics.retraining_success_s.name}{model="${model}"}) > ${most_days * 86_400}`,
      severity: 'warning',
      summary: `No retraining of ${model} has succeeded for more than ${most_days} days`,
    },
  ];
}
