import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatesFor } from '../../analysis/gates.ts';
import { loosestThreshold, type Plan, parsePlan, thresholdIn } from '../plan.ts';
import { planTexts } from '../plan-arbitrary.ts';
import { MAX_STEP_PERCENT } from '../plan-order.ts';
import { templateName } from './analysis.ts';
import { auditedOf, trapsIn } from './audit/audit.ts';
import { compile, manifestList } from './compile.ts';
import { exampleTarget } from './example-target.ts';
import { rehearsalTime } from './target.ts';
import { freezeGate, thawName } from './waits.ts';

const target = { ...exampleTarget, stations: { pinned: ['a "1"', 'b.2'], kept_out: ['c (3)'] } };
const gates = gatesFor(target);
const compiled = (plan: Plan, where = target) => compile(plan, gates, where);
const stepsOf = (plan: Plan) => compiled(plan).rollout.spec.strategy?.canary?.steps ?? [];

/** Tries what must hold on fifty plans; a counterexample is shown as the text of its file. */
function everyPlan(holds: (plan: Plan, text: string) => void): void {
  fc.assert(
    fc.property(planTexts(), (text) => {
      holds(parsePlan(text, 'plan.yaml'), text);
    }),
    { numRuns: 50 },
  );
}

test('every plan that holds is accepted, and says the same when it is read again', () => {
  everyPlan((plan, text) => expect(parsePlan(text, 'plan.yaml')).toEqual(plan));
});

test('compiling is deterministic to the byte', () => {
  everyPlan((plan) => {
    const again = structuredClone(plan);
    expect(JSON.stringify(compiled(again))).toBe(JSON.stringify(compiled(plan)));
  });
});

test('no compiled object holds a trap, in production and in a rehearsal', () => {
  everyPlan((plan) => {
    for (const where of [target, exampleTarget, { ...target, time: rehearsalTime(15) }])
      expect(trapsIn(auditedOf(manifestList(compiled(plan, where))))).toEqual([]);
  });
});

test('no station is answered by the candidate before something has judged it, and each weight is scaled before and judged after', () => {
  everyPlan((plan) => {
    const isThaw = ({ analysis }: (typeof steps)[number]) => analysis?.templates?.[0]?.templateName === thawName(plan);
    const steps = stepsOf(plan);
    const kinds = steps.filter((step) => !isThaw(step)).map((step) => Object.keys(step).join());
    const [shadow = '', ...ramps] = kinds.join().split(/,analysis(?:,pause)?,?/);
    expect(shadow).toBe('setCanaryScale,setMirrorRoute');
    // What follows the last analysis is nothing.
    expect(ramps.pop()).toBe('');
    expect(ramps.shift()).toBe('setMirrorRoute,setCanaryScale,setHeaderRoute,setWeight');
    for (const ramp of ramps) expect(ramp).toBe('setCanaryScale,setHeaderRoute,setWeight');
  });
});

test('cohorts are nested: weights rise by steps that are not too large, to all, and one hash of the station takes them on both routes', () => {
  everyPlan((plan) => {
    const weights = stepsOf(plan).flatMap(({ setWeight }) => setWeight ?? []);
    for (const [index, weight] of weights.entries()) {
      const risen = weight - (weights[index - 1] ?? 0);
      expect(risen).toBeGreaterThan(0);
      expect(risen).toBeLessThanOrEqual(MAX_STEP_PERCENT);
    }
    expect(weights.at(-1)).toBe(100);
    const patches = compiled(plan).envoyFilters[0]?.spec?.configPatches ?? [];
    expect(patches.map(({ match }) => match?.routeConfiguration?.vhost?.route?.name)).toEqual(['shadow', 'primary']);
    expect(new Set(patches.map(({ patch }) => JSON.stringify(patch?.value))).size).toBe(1);
  });
});

test('every limit arrives in its gate’s conditions, in every phase', () => {
  everyPlan((plan) => {
    for (const { metadata, spec } of compiled(plan).analysisTemplates)
      for (const metric of spec.metrics ?? []) {
        if (metric.name === freezeGate.name) continue;
        const phase = plan.phases.find(({ name }) => metadata?.name === templateName(plan, { name }));
        const gate = gates.find(({ name }) => name === metric.name);
        if (gate === undefined) throw new Error(`${metric.name} is no gate`);
        const limit = phase === undefined ? loosestThreshold(plan, gate) : thresholdIn(plan, gate, phase);
        const x = (condition: string) => condition.replace('x', 'result[0]');
        expect(metric.successCondition).toContain(`(${x(gate.good(limit))})`);
        expect(metric.failureCondition).toContain(`(${x(gate.harmful(limit))})`);
      }
  });
});

test('a hold waits for a person at its place between the same two judgements, and nothing else waits', () => {
  everyPlan((plan) => {
    const names = plan.steps.filter(({ kind }) => ['shadow', 'ramp', 'hold'].includes(kind));
    const last = names.findLastIndex(({ kind }) => kind === 'ramp');
    const expected = names.slice(0, last + 1).map(({ kind }) => (kind === 'hold' ? 'pause' : 'analysis'));
    const waits = stepsOf(plan)
      .filter(({ analysis }) => analysis?.templates?.[0]?.templateName !== thawName(plan))
      .flatMap((step) => ('pause' in step ? 'pause' : 'analysis' in step ? 'analysis' : []));
    expect(waits).toEqual(expected);
  });
});
