import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePlan } from '../plan.ts';
import type { Notify } from '../plan-types.ts';
import { exampleTarget } from './example-target.ts';
import { notificationConfig } from './notify.ts';
import { rollout, rolloutSteps } from './rollout.ts';
import { deliveries, subscriptions } from './subscriptions.ts';

const notify: Notify[] = [
  { when: ['started', 'promoted', 'advanced'], to: ['slack:releases', 'webhook:chat'] },
  { when: ['aborted'], to: ['slack:releases', 'slack:on-call', 'email:a@example.org'] },
  { when: ['waiting', 'held'], to: ['email:a@example.org'] },
];
const text = readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8');
const held = text.replace('- ramp: 50%', '- hold: Go beyond "a quarter"?\n    for: 1d\n  - ramp: 50%');
const plan = { ...parsePlan(held, 'forecast.yaml'), notify };
const data = notificationConfig(plan, exampleTarget)[0]?.data ?? {};
const subscribed: { trigger: string[]; destinations: { service: string; recipients: string[] }[] }[] = JSON.parse(
  rollout(plan, exampleTarget).metadata?.annotations?.['notifications.argoproj.io/subscriptions'] ?? '',
);

test('each event is a trigger of the service’s own, with every receiver by what reaches it', () => {
  const chat = { service: 'forecast_chat', recipients: [''] };
  const slack = { service: 'forecast_slack', recipients: ['releases'] };
  const email = { service: 'forecast_email', recipients: ['a@example.org'] };
  expect(subscribed).toEqual([
    {
      trigger: ['forecast-aborted'],
      destinations: [email, { service: 'forecast_slack', recipients: ['releases', 'on-call'] }],
    },
    { trigger: ['forecast-advanced'], destinations: [chat, slack] },
    { trigger: ['forecast-held'], destinations: [email] },
    { trigger: ['forecast-promoted'], destinations: [chat, slack] },
    { trigger: ['forecast-started'], destinations: [chat, slack] },
    { trigger: ['forecast-waiting'], destinations: [email] },
  ]);
});

test('what is subscribed is there: the trigger, its template, and the service', () => {
  const services = Object.keys(data).flatMap((key) => /^service\.\w+\.(.+)$/.exec(key)?.[1] ?? []);
  for (const { trigger, destinations } of subscribed) {
    for (const { send } of parse(data[`trigger.${trigger[0]}`] ?? ''))
      expect(parse(data[`template.${send[0]}`] ?? '')).toMatchObject({ message: expect.stringContaining('{{printf') });
    expect(services).toEqual(expect.arrayContaining(destinations.map(({ service }) => service)));
  }
});

test('no trigger is an event of the controller’s, at which it would send before it takes a release back', () => {
  for (const { trigger } of subscribed) expect(trigger[0]).not.toMatch(/^on-/);
  for (const [key, conditions] of Object.entries(data).filter(([key]) => key.startsWith('trigger.')))
    for (const { when } of parse(conditions)) expect(when, key).toContain('rollout.status');
});

test('every ramp is a state of its own; a retry tells the ramps again, but neither its start nor a pod that comes back', () => {
  const conditions = (event: string) => parse(data[`trigger.forecast-${event}`] ?? '') as { oncePer?: string }[];
  expect(conditions('advanced')).toHaveLength(plan.phases.filter(({ kind }) => kind === 'ramp').length);
  const once = ['started', 'advanced', 'waiting', 'held', 'aborted', 'promoted'].filter((event) =>
    conditions(event).some(({ oncePer }) => oncePer !== undefined),
  );
  expect(once).toEqual(['started', 'promoted']);
});

test('a hold says what is decided, by the step that the Rollout is at', () => {
  const index = rolloutSteps(plan, exampleTarget).findIndex(({ name }) => name === 'hold-1');
  const { message } = parse(data['template.forecast-held'] ?? '');
  expect(message).toContain(`(get (dict "${index}" "Go beyond \\"a quarter\\"?") (toString`);
});

test('every value of a service that is a secret or a place is a key of the Secret; the port is a number', () => {
  const services = Object.entries(data).filter(([key]) => key.startsWith('service.'));
  expect(services.map(([key]) => key)).toEqual([
    'service.email.forecast_email',
    'service.slack.forecast_slack',
    'service.webhook.forecast_chat',
  ]);
  for (const [key, options] of services) {
    const { headers, port, ...values } = parse(options);
    expect(typeof (port ?? 0), key).toBe('number');
    for (const value of Object.values(values)) expect(String(value), key).toMatch(/^\$/);
  }
});

test('services of one namespace have no key in common, and nothing else that only one of them can say', () => {
  const other = notificationConfig({ ...plan, service: 'demand', owner: 'others' }, exampleTarget)[0];
  expect(Object.keys(other?.data ?? {}).filter((key) => key in data)).toEqual([]);
  expect(other?.metadata).toEqual(notificationConfig(plan, exampleTarget)[0]?.metadata);
});

test('a webhook is told the event, the release and the text as JSON', () => {
  const template = parse(data['template.forecast-promoted'] ?? '');
  expect(template.webhook.forecast_chat.method).toBe('POST');
  const filled = template.webhook.forecast_chat.body.replace(/\{\{toJson (\([^}]*\)|[^}]*)\}\}/g, '"x"');
  expect(JSON.parse(filled)).toEqual({ event: 'promoted', service: 'x', namespace: 'x', release: 'x', text: 'x' });
});

test('where nobody is told anything, nothing is made', () => {
  expect(notificationConfig({ ...plan, notify: [] }, exampleTarget)).toEqual([]);
  expect(subscriptions({ ...plan, notify: [] })).toEqual({});
});

test('two services of one namespace never share a service of notifications', () => {
  const named = (service: string, to: string) =>
    deliveries({ service, notify: [{ when: ['aborted'], to: [to] }] })[0]?.service;
  expect(named('a', 'webhook:b-slack')).not.toBe(named('a-b', 'slack:c'));
  expect(named('a', 'webhook:b-c')).not.toBe(named('a-b', 'webhook:c'));
});
