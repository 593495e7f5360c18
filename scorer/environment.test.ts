import { expect, test } from 'vitest';
import { defaultJudge } from '../core/judge/settings.ts';
import { readSettings } from './environment.ts';

const environment = {
  HOST: '127.0.0.1',
  PORT: '8080',
  DATA: '/data',
  REGISTRY: '/registry',
  STABLE_URL: 'http://127.0.0.1:1/',
  CANARY_URL: 'http://127.0.0.1:2',
  RECOMPUTE_URL: 'http://127.0.0.1:3',
  JUDGE: '{"truth_delay_hours":24}',
};

test('reads what it is told', () => {
  expect(readSettings(environment)).toMatchObject({ port: 8080, stable_url: 'http://127.0.0.1:1', data: '/data' });
  expect(readSettings(environment).judge).toEqual({ ...defaultJudge, truth_delay_hours: 24 });
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

test('the faults of the judge settings are among them, and a database address is never repeated', () => {
  const judge = '{"truth_delay_hours":0,"drift":{"ks":{"p_value":1}},"database":"postgresql","colour":1}';
  const fix = 'compile the plan again (core/judge/settings.ts)';
  expect(() => readSettings({ ...environment, PORT: '', JUDGE: judge })).toThrow(
    [
      `JUDGE: must NOT have additional properties: "colour"; ${fix}`,
      `JUDGE/truth_delay_hours: must be >= 1; ${fix}`,
      `JUDGE/drift/ks/p_value: must be < 1; ${fix}`,
      'PORT: is not set; set it in the environment',
    ].join('\n'),
  );
  const postgresql = { ...environment, JUDGE: '{"database":"postgresql"}' };
  expect(() => readSettings(postgresql)).toThrow('DATABASE_URL: is not set');
  expect(() => readSettings({ ...postgresql, DATABASE_URL: 'secret@host' })).toThrow(
    /^DATABASE_URL: is not the address of a PostgreSQL database; give one like [^\n]*$/,
  );
  const DATABASE_URL = 'postgres://u:secret@host/scorer';
  expect(readSettings({ ...postgresql, DATABASE_URL }).database_url).toBe(DATABASE_URL);
  expect(readSettings({ ...environment, DATABASE_URL }).database_url).toBeNull();
});
