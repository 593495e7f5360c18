import { expect, test } from 'vitest';
import { readSettings } from './environment.ts';

const environment = {
  HOST: '127.0.0.1',
  PORT: '8080',
  DATA: '/data',
  REGISTRY: '/registry',
  STABLE_URL: 'http://127.0.0.1:1/',
  CANARY_URL: 'http://127.0.0.1:2',
  RECOMPUTE_URL: 'http://127.0.0.1:3',
};

test('reads what it is told', () => {
  expect(readSettings(environment)).toMatchObject({ port: 8080, stable_url: 'http://127.0.0.1:1', data: '/data' });
});

test('names every fault at once', () => {
  const { DATA: _, ...rest } = environment;
  expect(() => readSettings({ ...rest, PORT: '80a', CANARY_URL: 'canary:8080' })).toThrow(
    [
      'PORT: "80a" is not a port; give a number from 0 to 65535',
      'DATA: is not set; set it in the environment',
      'CANARY_URL: "canary:8080" is not an http URL; give one like http://127.0.0.1:8080',
    ].join('\n'),
  );
});
