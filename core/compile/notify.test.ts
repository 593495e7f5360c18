import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePlan } from '../plan.ts';
import type { Notify } from '../plan-types.ts';
import { exampleTarget } from './example-target.ts';
import { notificationConfig, subscriptions } from './notify.ts';
import { rollout } from './rollout.ts';

const notify: Notify[] = [
  { when: ['started', 'promoted'], to: ['slack:releases', 'webhook:chat'] },
  { when: ['aborted'], to: ['slack:releases', 'slack:on-call', 'email:a@example.org'] },
  { when: ['waiting', 'held'], to: ['email:a@example.org'] },
];
const text = readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8');
const plan = { ...parsePlan(text, 'forecast.yaml'), notify };

test('each event is a trigger of the controller’s, with every receiver of a service in one annotation', () => {
  const annotations = rollout(plan, exampleTarget).metadata?.annotations ?? {};
  const subscribed = Object.entries(annotations).filter(([key]) => key.startsWith('notifications.argoproj.io/'));
  expect(Object.fromEntries(subscribed)).toEqual({
    'notifications.argoproj.io/subscribe.on-analysis-run-inconclusive.email': 'a@example.org',
    'notifications.argoproj.io/subscribe.on-rollout-aborted.email': 'a@example.org',
    'notifications.argoproj.io/subscribe.on-rollout-aborted.slack': 'releases;on-call',
    'notifications.argoproj.io/subscribe.on-rollout-completed.chat': '',
    'notifications.argoproj.io/subscribe.on-rollout-completed.slack': 'releases',
    'notifications.argoproj.io/subscribe.on-rollout-paused.email': 'a@example.org',
    'notifications.argoproj.io/subscribe.on-rollout-updated.chat': '',
    'notifications.argoproj.io/subscribe.on-rollout-updated.slack': 'releases',
  });
});

test('every subscribed trigger is there with its template, and every value of a service is a key of the Secret', () => {
  const [config] = notificationConfig(plan, exampleTarget);
  expect(config?.metadata.name).toBe('argo-rollouts-notification-configmap');
  const data = config?.data ?? {};
  for (const key of Object.keys(subscriptions(plan))) {
    const trigger = key.split('.').at(-2);
    const [
      {
        send: [template],
      } = { send: [] },
    ] = parse(data[`trigger.${trigger}`] ?? '[]');
    expect(parse(data[`template.${template}`] ?? '')).toMatchObject({ message: expect.stringContaining('{{') });
  }
  const services = Object.entries(data).filter(([key]) => key.startsWith('service.'));
  expect(services.map(([key]) => key)).toEqual(['service.email', 'service.slack', 'service.webhook.chat']);
  for (const [key, text] of services) {
    const { headers, ...values } = parse(text);
    expect(
      Object.values(values).every((value) => String(value).startsWith('$')),
      key,
    ).toBe(true);
  }
});

test('a webhook is told the event and the release as JSON', () => {
  const template = parse(notificationConfig(plan, exampleTarget)[0]?.data['template.promoted'] ?? '');
  expect(template.webhook.chat.method).toBe('POST');
  const filled = template.webhook.chat.body.replace(/\{\{toJson [^}]*\}\}/g, '"x"');
  expect(JSON.parse(filled)).toEqual({ event: 'promoted', service: 'x', namespace: 'x', release: 'x' });
});

test('where nobody is told anything, nothing is made', () => {
  expect(notificationConfig({ ...plan, notify: [] }, exampleTarget)).toEqual([]);
  expect(subscriptions({ notify: [] })).toEqual({});
});
