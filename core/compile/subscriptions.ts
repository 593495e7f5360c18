import type { Notify, Plan, ReleaseEvent } from '../plan-types.ts';

/** Whom the controller reaches by what: `service` is the name under which its ConfigMap knows how. */
export type Delivery = { event: ReleaseEvent; kind: 'slack' | 'email' | 'webhook'; name: string; service: string };

type Told = Pick<Plan, 'service' | 'notify'>;

/** Services of one namespace share one ConfigMap: everything in it bears the name of its own. */
export function triggerName({ service }: Pick<Plan, 'service'>, event: ReleaseEvent): string {
  return `${service}-${event}`;
}

/** Each event and each of its receivers, in the plan's order. */
export function deliveries({ service, notify }: Told): Delivery[] {
  return notify.flatMap(({ when, to }: Notify) =>
    when.flatMap((event) =>
      to.map((receiver) => {
        const { kind, name } = receiverOf(receiver);
        // Neither part may have a "_": "a" and "b-c" are not taken for "a-b" and "c".
        return { event, kind, name, service: `${service}_${kind === 'webhook' ? name : kind}` };
      }),
    ),
  );
}

/** Whom the controller tells of the Rollout, as its annotation says it: one text, for a key would be too long for two names. */
export function subscriptions(plan: Told): Record<string, string> {
  const all = deliveries(plan);
  if (all.length === 0) return {};
  const events = [...new Set(all.map(({ event }) => event))].sort();
  const entries = events.map((event) => {
    const told = all.filter((delivery) => delivery.event === event);
    const services = [...new Set(told.map(({ service }) => service))].sort();
    const destinations = services.map((service) => ({
      service,
      // A webhook has one receiver, which has no name.
      recipients: told.filter((to) => to.service === service).map(({ kind, name }) => (kind === 'webhook' ? '' : name)),
    }));
    return { trigger: [triggerName(plan, event)], destinations };
  });
  return { 'notifications.argoproj.io/subscriptions': JSON.stringify(entries) };
}

function receiverOf(text: string): Pick<Delivery, 'kind' | 'name'> {
  const [kind = '', ...name] = text.split(':');
  if (kind !== 'slack' && kind !== 'email' && kind !== 'webhook')
    throw new TypeError(`a receiver of no kind passed the schema: ${text}`);
  return { kind, name: name.join(':') };
}
