import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type { Verdict } from './verdict.ts';

const schema = JSON.parse(readFileSync(new URL('verdict.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const digest = `sha256:${'ab'.repeat(32)}`;
const aborted: Verdict = {
  outcome: 'aborted',
  reason: 'The release was aborted in phase ramp 10 % because answers came too late (measured 153 ms, limit 100 ms).',
  scenario: 'slow',
  release: { stable: digest, candidate: digest },
  phases: [
    {
      name: 'ramp 10 %',
      weight_percent: 10,
      started_at: '2026-01-01T00:00:00.000Z',
      ended_at: '2026-01-01T00:00:02.500Z',
      hours: 24,
      outcome: 'failed',
    },
    { name: 'ramp 25 %', weight_percent: 25, started_at: null, ended_at: null, hours: 0, outcome: 'not reached' },
  ],
  gates: [
    {
      name: 'latency',
      phase: 'ramp 10 %',
      outcome: 'failed',
      message: 'failed (1) > failureLimit (0)',
      threshold: 100,
      unit: 'ms',
      measurements: [{ at: '2026-01-01T00:00:02.000Z', value: 153, outcome: 'harmful' }],
    },
  ],
  arms: null,
  backtest: {
    ...{ verdict: 'safe', days: 120, mean: -0.08, margin: 0.03, sentence: 'Over 120 days it was safe.' },
    arms: [
      { arm: 'all', verdict: 'safe', days: 120, mean: null, margin: null, sentence: 'Over 120 days it was safe.' },
    ],
  },
  accuracy: { mae_ratio: 0.91, lower: 0.85, upper: 0.99, hours: 310 },
  latency_ms_p99: { stable: 9, canary: 162 },
  timings_s: { lab_ready: 5.8, total: 41.2, breach_to_zero_weight: 1.9 },
  versions: { envoy: '1.40.0' },
};

test('a verdict validates, and a refused one without a rollout too', () => {
  expect(validate(aborted), ajv.errorsText(validate.errors)).toBe(true);
  const refused: Verdict = {
    ...aborted,
    outcome: 'refused',
    phases: [],
    gates: [],
    accuracy: { mae_ratio: null, lower: null, upper: null, hours: 0 },
    latency_ms_p99: { stable: null, canary: null },
    timings_s: { lab_ready: null, total: 12, breach_to_zero_weight: null },
  };
  expect(validate(refused), ajv.errorsText(validate.errors)).toBe(true);
});

test.each([
  ['an unknown outcome', { ...aborted, outcome: 'fine' }],
  ['an unknown key', { ...aborted, mood: 'good' }],
  ['a digest that is none', { ...aborted, release: { stable: 'v1', candidate: digest } }],
  ['a time that is none', { ...aborted, phases: [{ ...aborted.phases[0], started_at: 'noon' }] }],
  ['NaN, as JSON writes it', { ...aborted, accuracy: { ...aborted.accuracy, hours: null } }],
])('%s is refused', (_what, verdict) => {
  expect(validate(verdict)).toBe(false);
});

/** Required keys of every object type in verdict.ts, by the TypeScript compiler. */
function keysOfType(path: string): Map<string, { required: string[]; optional: string[] }> {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = new Map<string, { required: string[]; optional: string[] }>();
  const visit = (node: ts.Node, name: string) => {
    if (ts.isTypeLiteralNode(node)) {
      const members = node.members.filter(ts.isPropertySignature);
      const names = (optional: boolean) =>
        members.filter((m) => (m.questionToken !== undefined) === optional).map((m) => m.name.getText());
      found.set(name, { required: names(false).sort(), optional: names(true).sort() });
    }
    const inner = ts.isPropertySignature(node)
      ? `${name}.${node.name.getText()}`
      : ts.isTypeAliasDeclaration(node)
        ? node.name.text
        : name;
    node.forEachChild((child) => visit(child, inner));
  };
  visit(source, '');
  return found;
}

test.each([
  ['Verdict', schema],
  ['Verdict.release', schema.properties.release],
  ['Verdict.latency_ms_p99', schema.properties.latency_ms_p99],
  ['Verdict.timings_s', schema.properties.timings_s],
  ['VerdictAccuracy', schema.properties.accuracy],
  ['VerdictPhase', schema.$defs.phase],
  ['VerdictGate', schema.$defs.gate],
  ['VerdictGate.measurements', schema.$defs.gate.properties.measurements.items],
  ['VerdictBacktest', schema.$defs.backtest],
  ['VerdictArm', schema.$defs.arm],
])('type and schema of %s have the same keys, all required', (type, part) => {
  const keys = keysOfType(new URL('verdict.ts', import.meta.url).pathname).get(type);
  expect(keys).toEqual({ required: [...part.required].sort(), optional: [] });
  expect(Object.keys(part.properties).sort()).toEqual(keys?.required);
  expect(part.additionalProperties).toBe(false);
});
