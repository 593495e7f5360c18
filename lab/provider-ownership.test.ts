import { expect, test } from 'vitest';
import { diffOf } from './provider-inputs.ts';
import { withoutForeign } from './provider-ownership.ts';

const owns = (manager: string, fieldsV1: object) => ({ manager, fieldsV1 });

test('a list that Argo has written is left out, the rest is applied', () => {
  const object = { spec: { hosts: ['m'], http: [{ route: [{ weight: 100 }] }] } };
  const fields = [
    owns('pulumi', { 'f:spec': { 'f:hosts': {} } }),
    owns('rollouts-controller', { 'f:spec': { 'f:http': {} } }),
  ];
  expect(withoutForeign(object, ['spec.http'], fields, 'pulumi')).toEqual({ spec: { hosts: ['m'] } });
  expect(withoutForeign(object, ['spec.http[0].route'], fields, 'pulumi')).toEqual({ spec: { hosts: ['m'] } });
});

test('while only Pulumi owns an ignored field it stays, or the apply would delete it', () => {
  const object = { spec: { http: [{}] } };
  expect(withoutForeign(object, ['spec.http'], [owns('pulumi', { 'f:spec': { 'f:http': {} } })], 'pulumi')).toEqual(
    object,
  );
});

test("of a selector that Argo has added to, Pulumi's own labels stay", () => {
  const object = { spec: { selector: { app: 'm', 'rollouts-pod-template-hash': 'old' } } };
  const argo = owns('rollouts-controller', { 'f:spec': { 'f:selector': { 'f:rollouts-pod-template-hash': {} } } });
  expect(withoutForeign(object, ['spec.selector'], [argo], 'pulumi')).toEqual({ spec: { selector: { app: 'm' } } });
  expect(withoutForeign(object, ['spec.selector["rollouts-pod-template-hash"]'], [argo], 'pulumi')).toEqual({
    spec: { selector: { app: 'm' } },
  });
});

test('what is not ignored is applied whoever owns it: a conflict is for the API server to tell', () => {
  const object = { spec: { replicas: 3 } };
  const foreign = owns('kubectl', { 'f:spec': { 'f:replicas': {} } });
  expect(withoutForeign(object, ['spec.selector'], [foreign], 'pulumi')).toEqual(object);
});

test('a change is what differs in the inputs; another name or namespace is another object', () => {
  const object = (name: string, more = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'grid' },
    ...more,
  });
  expect(
    diffOf(object('a', { data: { x: '1', y: '2' } }), object('a', { data: { y: '2', x: '1' }, __defaults: [] })),
  ).toEqual({
    changes: false,
    replaces: [],
  });
  expect(diffOf(object('a'), object('a', { data: {} }))).toEqual({ changes: true, replaces: [] });
  expect(diffOf(object('a'), object('b'))).toEqual({ changes: true, replaces: ['metadata.name'] });
});
