import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultJudge } from './judge/settings.ts';
import schema from './plan.schema.json' with { type: 'json' };
import { parsePlan } from './plan.ts';

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const small = `service: forecast
owner: forecasting
runbook: docs/runbook.md
replicas: 2
phases:
  - shadow: 100%
    for: 14d
  - ramp: 25%
    for: 7d
  - ramp: 50%
    for: 7d
  - ramp: 75%
    for: 7d
  - ramp: 100%
    for: 24h
gates:
  latency:
    threshold: 50
rehearsal:
  shadow: 14d
  ramp: 24h
`;

/** The small plan with one text in place of another. */
function but(old: string, replacement: string): string {
  expect(small).toContain(old);
  return small.replace(old, replacement);
}

function faultsOf(text: string): string[] {
  try {
    parsePlan(text, 'p.yaml');
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [String(error)];
  }
}

test('the shipped plan carries the strategy: two weeks of shadow, then 10 to 100 % in eight', () => {
  const { phases, replicas, rehearsal } = parsePlan(shipped, file);
  expect(phases.map(({ name, hours }) => [name, hours / 24])).toEqual([
    ['shadow', 14],
    ['ramp-10', 7],
    ['ramp-25', 14],
    ['ramp-50', 7],
    ['ramp-75', 14],
    ['ramp-100', 14],
  ]);
  expect(replicas).toBeGreaterThanOrEqual(2);
  expect(rehearsal).toEqual({ shadow_hours: 336, ramp_hours: 24 });
});

test('a plan is what its file says', () => {
  expect(parsePlan(small, 'p.yaml')).toMatchObject({
    service: 'forecast',
    gates: { latency: { threshold: 50 } },
    phases: [
      { name: 'shadow', kind: 'shadow', weight_percent: 0, mirror_percent: 100, hours: 336 },
      { name: 'ramp-25', kind: 'ramp', weight_percent: 25, mirror_percent: 0, hours: 168 },
      { weight_percent: 50 },
      { weight_percent: 75 },
      { weight_percent: 100, hours: 24 },
    ],
  });
});

const judge = `judge:
  truth_delay: 24h
  accepted_loss: half the memory
  drift:
    cusum: { limit: 4 }
  tariff:
    surplus_per_mwh: 0
rehearsal:`;

test('what a plan says about judging is filled up with the defaults', () => {
  expect(parsePlan(small, 'p.yaml').judge).toEqual(defaultJudge);
  expect(parsePlan(but('rehearsal:', judge), 'p.yaml').judge).toEqual({
    ...defaultJudge,
    truth_delay_hours: 24,
    accepted_loss: 'half the memory',
    drift: { ...defaultJudge.drift, cusum: { slack: defaultJudge.drift.cusum.slack, limit: 4 } },
    tariff: { ...defaultJudge.tariff, surplus_per_mwh: 0 },
  });
});

test('the defaults that the schema tells are those that hold', () => {
  const { truth_delay, database } = schema.properties.judge.properties;
  expect(truth_delay.default).toBe(`${defaultJudge.truth_delay_hours}h`);
  expect(database.default).toBe(defaultJudge.database);
  const told = (properties: object) =>
    Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, value.default]));
  expect(told(schema.$defs.tariff.properties)).toEqual(defaultJudge.tariff);
  const detectors = Object.entries(schema.$defs.drift.properties);
  expect(Object.fromEntries(detectors.map(([name, { properties }]) => [name, told(properties)]))).toEqual(
    defaultJudge.drift,
  );
});

test('every field of the schema is described', () => {
  const bare: string[] = [];
  const visit = (node: unknown, path: string) => {
    if (node === null || typeof node !== 'object') return;
    const properties = Object.entries('properties' in node ? Object(node.properties) : {});
    for (const [name, field] of properties) {
      const { description, $ref = '' } = Object(field);
      const definition = Object(schema.$defs)[$ref.replace('#/$defs/', '')];
      if (description === undefined && definition?.description === undefined) bare.push(`${path}.${name}`);
      visit(field, `${path}.${name}`);
    }
  };
  visit(schema, 'plan');
  for (const [name, definition] of Object.entries(schema.$defs)) visit(definition, name);
  expect(bare).toEqual([]);
});

describe('one fault, one line, at its place', () => {
  test.each([
    [
      'an unknown key',
      but('owner:', 'ownr:'),
      [
        'p.yaml:1:1 plan: "owner" is missing; add owner: Team that answers for the service; a label on every object.',
        'p.yaml:2:1 ownr: "ownr" is not known here; did you mean "owner"?',
      ],
    ],
    [
      'a misspelt gate',
      but('latency', 'latncy'),
      ['p.yaml:17:3 gates.latncy: "latncy" is not known here; did you mean "latency"?'],
    ],
    ['one pod', but('replicas: 2', 'replicas: 1'), ['p.yaml:4:11 replicas: 1 must be >= 2; write 2']],
    [
      'a duration in words',
      but('for: 24h', 'for: a day'),
      ['p.yaml:15:10 phases[4].for: "a day" is not valid; write whole days or hours like 14d or 24h'],
    ],
    [
      'a share without its sign',
      but('ramp: 25%', 'ramp: 25'),
      ['p.yaml:8:11 phases[1].ramp: 25 is not a string; write 25%'],
    ],
    [
      'a share above 100',
      but('ramp: 100%', 'ramp: 101%'),
      ['p.yaml:14:11 phases[4].ramp: "101%" is not valid; write a share from 1% to 100%'],
    ],
    [
      'a phase of both kinds',
      but('- shadow: 100%', '- shadow: 100%\n    ramp: 10%'),
      [
        'p.yaml:6:5 phases[0]: a phase is of one kind; write exactly one of prepare, shadow, ramp, hold, retire, assess',
      ],
    ],
    [
      'a threshold in words',
      but('threshold: 50', 'threshold: low'),
      ['p.yaml:18:16 gates.latency.threshold: "low" is not a number; write a number'],
    ],
    [
      'no shadow',
      but('  - shadow: 100%\n    for: 14d\n', ''),
      [
        'p.yaml:6:5 phases[0]: the first phase is not a shadow, so stations would be answered by a version nobody has watched; put "- shadow: 100%" with its duration before it',
      ],
    ],
    [
      'a second shadow',
      but('- ramp: 50%\n    for: 7d', '- shadow: 50%\n    for: 7d\n  - ramp: 50%\n    for: 7d'),
      [
        'p.yaml:10:13 phases[2].shadow: phase 3 is a shadow, which only the first phase can be; remove it, or make the first one longer',
      ],
    ],
    [
      'a step of half the stations',
      but('  - ramp: 50%\n    for: 7d\n', ''),
      [
        'p.yaml:10:11 phases[2].ramp: 75% is 50 points above 25% in phases[1], and a step may add 25; add a ramp of at most 50% before it',
      ],
    ],
    [
      'a ramp that falls',
      but('ramp: 75%', 'ramp: 50%'),
      [
        'p.yaml:12:11 phases[3].ramp: 50% does not rise above 50% in phases[2]; write more than 50%, or remove one of the two',
        'p.yaml:14:11 phases[4].ramp: 100% is 50 points above 50% in phases[3], and a step may add 25; add a ramp of at most 75% before it',
      ],
    ],
    [
      'an end below 100 %',
      but('  - ramp: 100%\n    for: 24h\n', ''),
      [
        'p.yaml:12:11 phases[3].ramp: the last ramp is 75%; end with "- ramp: 100%": a release that is never finished blocks the next one',
      ],
    ],
    [
      'a shadow too short to judge',
      but('for: 14d', 'for: 48h'),
      ['p.yaml:7:10 phases[0].for: a shadow of 48h ends before its forecasts can be judged; write at least 3d'],
    ],
    [
      'a rehearsal too short to judge',
      but('shadow: 14d', 'shadow: 2d'),
      ['p.yaml:20:11 rehearsal.shadow: a shadow of 2d ends before its forecasts can be judged; write at least 3d'],
    ],
    [
      'a rehearsal that ends before late truth',
      but('rehearsal:\n  shadow: 14d', 'judge: { truth_delay: 2d }\nrehearsal:\n  shadow: 4d'),
      ['p.yaml:21:11 rehearsal.shadow: a shadow of 4d ends before its forecasts can be judged; write at least 5d'],
    ],
    [
      'a truth delay of weeks',
      but('rehearsal:', 'judge: { truth_delay: 8d }\nrehearsal:'),
      [
        'p.yaml:19:23 judge.truth_delay: 8d is too long: every open hour is kept in memory, and nothing is judged before; write 1h to 7d',
      ],
    ],
    [
      'a truth delay without its unit',
      but('rehearsal:', 'judge: { truth_delay: 6 }\nrehearsal:'),
      ['p.yaml:19:23 judge.truth_delay: 6 is not a string; write 6d or 6h'],
    ],
    [
      'another database',
      but('rehearsal:', 'judge: { database: postgres }\nrehearsal:'),
      ['p.yaml:19:20 judge.database: "postgres" is not known here; write sqlite or postgresql'],
    ],
    [
      'a loss accepted without a reason',
      but('rehearsal:', 'judge: { accepted_loss: "yes" }\nrehearsal:'),
      ['p.yaml:19:25 judge.accepted_loss: "yes" says too little; write the reason in a sentence'],
    ],
    [
      'a detector that always alarms',
      but('rehearsal:', 'judge: { drift: { psi: { threshold: 0 } } }\nrehearsal:'),
      ['p.yaml:19:37 judge.drift.psi.threshold: 0 must be > 0; write a number above 0'],
    ],
    [
      'a probability of 1',
      but('rehearsal:', 'judge: { drift: { adwin: { delta: 1 } } }\nrehearsal:'),
      ['p.yaml:19:35 judge.drift.adwin.delta: 1 must be < 1; write a number below 1'],
    ],
    [
      'a limit below the slack',
      but('rehearsal:', 'judge: { drift: { cusum: { slack: 6 } } }\nrehearsal:'),
      [
        'p.yaml:19:26 judge.drift.cusum: the limit 5 is not above the slack 6, so that one bad hour alarms; write a limit of 4 or 5, and a slack of half the shift to find',
      ],
    ],
    [
      'a misspelt detector',
      but('rehearsal:', 'judge: { drift: { cusm: {} } }\nrehearsal:'),
      ['p.yaml:19:19 judge.drift.cusm: "cusm" is not known here; did you mean "cusum"?'],
    ],
    [
      'a currency in words',
      but('rehearsal:', 'judge: { tariff: { currency: euro } }\nrehearsal:'),
      ['p.yaml:19:30 judge.tariff.currency: "euro" is not valid; write three capitals like EUR'],
    ],
    [
      'a tariff of nothing',
      but('rehearsal:', 'judge: { tariff: { surplus_per_mwh: 0, shortfall_per_mwh: 0 } }\nrehearsal:'),
      [
        'p.yaml:19:18 judge.tariff: both prices are 0, so that no error costs anything; write at least one price, or leave the tariff out',
      ],
    ],
    [
      'a key twice',
      but('replicas: 2', 'replicas: 2\nreplicas: 3'),
      ['p.yaml:5:1: Map keys must be unique; correct the YAML'],
    ],
    [
      'no YAML',
      'a: [',
      [
        'p.yaml:1:5: Flow sequence in block collection must be sufficiently indented and end with a ]; correct the YAML',
      ],
    ],
    ['nothing', '', ['p.yaml:1:1 plan: null is not an object; write an object']],
  ])('%s', (_what, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});

test('all faults at once, of form and of order, down the file', () => {
  const text = but('replicas: 2', 'replicas: 0').replace('ramp: 75%', 'ramp: 40%').replace('latency', 'latencies');
  expect(faultsOf(text).map((fault) => fault.split(' ')[0])).toEqual([
    'p.yaml:4:11',
    'p.yaml:12:11',
    'p.yaml:14:11',
    'p.yaml:17:3',
  ]);
});
