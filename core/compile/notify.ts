import type { Notify, Plan, ReleaseEvent } from '../plan-types.ts';
import { RELEASE_ANNOTATION } from '../workload.ts';
import type { ConfigMap } from './config-map.ts';
import { metadataOf } from './metadata.ts';
import type { Target } from './target.ts';

/** Fixed by Argo Rollouts, one in a namespace; the Secret of the same namespace holds what `$key` stands for, and is nobody's to commit. */
const CONFIG_NAME = 'argo-rollouts-notification-configmap';

type Told = {
  /** Argo's trigger: "on-" and the reason of the controller's event. */
  trigger: string;
  /** What follows "forecast (namespace): ". */
  says: string;
};

/**
 * The controller sends at its events. An analysis that ends inconclusive has one, although Argo ships no template for it. A pause has
 * another, whatever it waits for: who wants to hear of `held` hears of both kinds of waiting.
 */
const told: Record<ReleaseEvent, Told> = {
  started: { trigger: 'on-rollout-updated', says: 'a release begins' },
  advanced: { trigger: 'on-traffic-weight-updated', says: 'the share of stations that the candidate answers changes' },
  waiting: {
    trigger: 'on-analysis-run-inconclusive',
    says: 'nothing was decided in its time, and a person must look',
  },
  held: { trigger: 'on-rollout-paused', says: 'the release waits until a person promotes it' },
  aborted: { trigger: 'on-rollout-aborted', says: 'the release was aborted' },
  promoted: { trigger: 'on-rollout-completed', says: 'the release answers all stations' },
};

/** How the services reach out, by the kind of a receiver. Every value that is a secret or a place of one's own is a key of the Secret. */
const services = {
  slack: () => ['service.slack', 'token: $slack-token\n'],
  email: () => [
    'service.email',
    'host: $email-host\nport: $email-port\nusername: $email-username\npassword: $email-password\nfrom: $email-from\n',
  ],
  webhook: (name: string) => [
    `service.webhook.${name}`,
    `url: $webhook-${name}-url\nheaders:\n  - name: Content-Type\n    value: application/json\n`,
  ],
} as const;

type Receiver = { kind: keyof typeof services; name: string };

/** Whom the controller tells of the Rollout's events, as its annotations say it. */
export function subscriptions({ notify }: Pick<Plan, 'notify'>): Record<string, string> {
  const entries = new Map<string, string[]>();
  for (const { event, kind, name } of deliveries(notify)) {
    const service = kind === 'webhook' ? name : kind;
    const key = `notifications.argoproj.io/subscribe.${told[event].trigger}.${service}`;
    const recipient = kind === 'webhook' ? [] : [name];
    entries.set(key, [...new Set([...(entries.get(key) ?? []), ...recipient])]);
  }
  return Object.fromEntries([...entries].sort().map(([key, names]) => [key, names.join(';')]));
}

/** Templates, triggers and services of what the plan subscribes to; none where nobody is told anything. */
export function notificationConfig(plan: Plan, target: Target): ConfigMap[] {
  const all = deliveries(plan.notify);
  if (all.length === 0) return [];
  const webhooks = [...new Set(all.filter(({ kind }) => kind === 'webhook').map(({ name }) => name))].sort();
  const events = [...new Set(all.map(({ event }) => event))].sort();
  const data = Object.fromEntries([
    ...all.map(({ kind, name }) => services[kind](name)),
    ...events.map((event) => [`template.${event}`, templateOf(event, webhooks)]),
    ...events.map((event) => [`trigger.${told[event].trigger}`, `- send: [${event}]\n`]),
  ]);
  const sorted = Object.fromEntries(Object.entries<string>(data).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(plan, target, CONFIG_NAME), data: sorted }];
}

function deliveries(notify: readonly Notify[]): (Receiver & { event: ReleaseEvent })[] {
  return notify.flatMap(({ when, to }) => when.flatMap((event) => to.map((each) => ({ event, ...receiverOf(each) }))));
}

function receiverOf(text: string): Receiver {
  const [kind = '', ...name] = text.split(':');
  if (kind !== 'slack' && kind !== 'email' && kind !== 'webhook')
    throw new TypeError(`a receiver of no kind passed the schema: ${text}`);
  return { kind, name: name.join(':') };
}

/** A Go template as JSON, which is YAML. What failed is said by the newest analysis of the release. */
function templateOf(event: ReleaseEvent, webhooks: readonly string[]): string {
  const why =
    event === 'aborted'
      ? '{{range .analysisRuns}}{{if or (eq .status.phase "Failed") (eq .status.phase "Error")}} {{.status.message}}.{{end}}{{end}}'
      : '';
  const message = `{{.rollout.metadata.name}} ({{.rollout.metadata.namespace}}): ${told[event].says}.${why} {{index .rollout.metadata.annotations "gridramp.io/runbook"}}`;
  const body = [
    `{"event":"${event}","service":{{toJson .rollout.metadata.name}},"namespace":{{toJson .rollout.metadata.namespace}},`,
    `"release":{{toJson (index .rollout.spec.template.metadata.annotations "${RELEASE_ANNOTATION}")}}}`,
  ].join('');
  const webhook = Object.fromEntries(webhooks.map((name) => [name, { method: 'POST', body }]));
  return `${JSON.stringify({
    message,
    email: { subject: `{{.rollout.metadata.name}}: ${told[event].says}` },
    ...(webhooks.length === 0 ? {} : { webhook }),
  })}\n`;
}
