import type { Plan, ReleaseEvent } from '../plan-types.ts';
import { RELEASE_ANNOTATION } from '../workload.ts';
import type { ConfigMap } from './config-map.ts';
import { rolloutSteps } from './rollout.ts';
import { type Delivery, deliveries, triggerName } from './subscriptions.ts';
import type { Target } from './target.ts';

/** Fixed by Argo Rollouts, one in a namespace; the Secret of the same namespace holds what `$key` stands for, and is nobody's to commit. */
const CONFIG_NAME = 'argo-rollouts-notification-configmap';

/** What is told, and when. */
type Message = {
  /**
   * States of the Rollout, as expressions of expr-lang. Whenever one begins, it is told once. The controller's events would do as well, but
   * what is sent at them is sent in the middle of a rollback: see docs/decisions/notifications.md.
   */
  states: string[];
  /** What makes a state the same one though it ended in between. */
  oncePer?: string;
  /** A Go template that follows "forecast (namespace): ": a format and what fills it in. */
  says: [format: string, ...values: string[]];
};

const weight = 'rollout.status.canary?.weights?.canary?.weight ?? 0';
/** Beside a stable version, and not taken back. */
const isReleasing = `rollout.status.phase in ["Progressing", "Paused"] && (rollout.status.stableRS ?? "") != "" && rollout.status.currentPodHash != rollout.status.stableRS`;
/** A new release is in the specification before the status knows of it, and until then it looks as healthy as the old one. */
const isObserved = 'rollout.status.observedGeneration == string(rollout.metadata.generation)';
const revision = 'rollout.metadata.annotations["rollout.argoproj.io/revision"]';
const isPausedFor = (reason: string) =>
  `any(rollout.status.pauseConditions ?? [], {.reason == ${JSON.stringify(reason)}})`;

const release = `(index .rollout.spec.template.metadata.annotations "${RELEASE_ANNOTATION}")`;

function messageOf(plan: Plan, target: Target, event: ReleaseEvent): Message {
  switch (event) {
    case 'started':
      return {
        states: [`${isReleasing} && (${weight}) == 0`],
        // A release that replaces one in its shadow is another.
        oncePer: revision,
        says: ['the release of %v begins.', release],
      };
    case 'advanced':
      return {
        states: plan.phases.flatMap(({ kind, weight_percent }) =>
          kind === 'ramp' ? [`${isReleasing} && (${weight}) == ${weight_percent}`] : [],
        ),
        says: ['the candidate answers %v %% of the stations.', '.rollout.status.canary.weights.canary.weight'],
      };
    case 'waiting':
      return {
        states: [isPausedFor('InconclusiveAnalysisRun')],
        says: ['nothing was decided in its time, and a person must look.'],
      };
    case 'held':
      return {
        states: [isPausedFor('CanaryPauseStep')],
        says: ['the release waits until a person promotes it: %v', reasonOfHold(plan, target)],
      };
    case 'aborted':
      return {
        states: ['rollout.status.abort == true && rollout.status.phase == "Degraded"'],
        says: ['%v was aborted: %v.', release, '.rollout.status.message'],
      };
    case 'promoted':
      return {
        states: [
          `${isObserved} && rollout.status.phase == "Healthy" && rollout.status.currentPodHash == rollout.status.stableRS`,
        ],
        // Healthy it becomes again whenever a pod comes back.
        oncePer: revision,
        says: ['%v answers all stations.', release],
      };
  }
}

/** Of the step that the Rollout is at. */
function reasonOfHold(plan: Plan, target: Target): string {
  const at = new Map(rolloutSteps(plan, target).map(({ name }, index) => [name, index]));
  const reasons = plan.steps.flatMap((step) => {
    const index = step.kind === 'hold' ? at.get(step.name) : undefined;
    return step.kind === 'hold' && index !== undefined ? [`"${index}" ${JSON.stringify(step.reason)}`] : [];
  });
  return `(get (dict ${reasons.join(' ')}) (toString .rollout.status.currentStepIndex))`;
}

/** How the services reach out. Every value that is a secret or a place of one's own is a key of the Secret; the port is a number, which no key can be. */
const options: Record<Delivery['kind'], (name: string) => string> = {
  slack: () => 'token: $slack-token\n',
  email: () =>
    'host: $email-host\nport: 587\nusername: $email-username\npassword: $email-password\nfrom: $email-from\n',
  webhook: (name) => `url: $webhook-${name}-url\nheaders:\n  - name: Content-Type\n    value: application/json\n`,
};

/** Templates, triggers and services of what the plan subscribes to; none where nobody is told anything. */
export function notificationConfig(plan: Plan, target: Target): ConfigMap[] {
  const all = deliveries(plan);
  if (all.length === 0) return [];
  const webhooks = [...new Set(all.filter(({ kind }) => kind === 'webhook').map(({ service }) => service))].sort();
  const events = [...new Set(all.map(({ event }) => event))];
  const entries = [
    ...all.map(({ kind, name, service }) => [`service.${kind}.${service}`, options[kind](name)] as const),
    ...events.flatMap((event) => {
      const name = triggerName(plan, event);
      const { states, oncePer, says } = messageOf(plan, target, event);
      const conditions = states.map((when) => ({ when, ...(oncePer === undefined ? {} : { oncePer }), send: [name] }));
      return [
        [`trigger.${name}`, `${JSON.stringify(conditions)}\n`] as const,
        [`template.${name}`, templateOf(event, says, webhooks)] as const,
      ];
    }),
  ];
  const data = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  // Of the namespace, not of one service: no service's owner or runbook may stand on it.
  const metadata = {
    ...{ name: CONFIG_NAME, namespace: target.namespace },
    labels: { 'app.kubernetes.io/managed-by': 'gridramp' },
  };
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }];
}

/** Go templates in JSON, which is YAML. */
function templateOf(event: ReleaseEvent, [format, ...values]: Message['says'], webhooks: readonly string[]): string {
  const filled = ['.rollout.metadata.name', '.rollout.metadata.namespace', ...values].join(' ');
  const text = `printf ${JSON.stringify(`%v (%v): ${format}`)} ${filled}`;
  const body = [
    `{"event":"${event}","service":{{toJson .rollout.metadata.name}},"namespace":{{toJson .rollout.metadata.namespace}},`,
    `"release":{{toJson ${release}}},"text":{{toJson (${text})}}}`,
  ].join('');
  return `${JSON.stringify({
    message: `{{${text}}} {{index .rollout.metadata.annotations "gridramp.io/runbook"}}`,
    email: { subject: `{{.rollout.metadata.name}}: ${event}` },
    ...(webhooks.length === 0
      ? {}
      : { webhook: Object.fromEntries(webhooks.map((name) => [name, { method: 'POST', body }])) }),
  })}\n`;
}
