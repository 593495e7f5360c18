import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../gate.ts';
import { type Plan, parsePlan } from '../plan.ts';
import { isJudged } from '../plan-steps.ts';
import type { Hold } from '../plan-types.ts';
import { looks } from './analysis.ts';
import { compile, manifestList } from './compile.ts';
import { conditions } from './conditions.ts';
import { exampleGate as serving } from './example-gate.ts';
import { exampleTarget as target } from './example-target.ts';
import { timedPhases } from './phases.ts';
import { productionTime, rehearsalTime } from './target.ts';

const text = readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8');
/** Freezes have tests of their own, in waits.test.ts. */
const plan: Plan = { ...parsePlan(text, 'forecast.yaml'), freezes: [] };

const evidence: Gate = { ...serving, name: 'parity', kind: 'evidence', forgiven: 0 };
const gates = [serving, evidence];

const canary = (replicas = plan.replicas) => {
  const { spec } = compile({ ...plan, replicas }, gates, target).rollout;
  const strategy = spec.strategy?.canary;
  if (strategy === undefined) throw new Error('the Rollout has no canary strategy');
  return { spec, strategy, steps: strategy.steps ?? [] };
};

describe('the Rollout closes the traps of its controller', () => {
  test('every weight has its scale before it and exactly one judgement after it, and no pause is timed', () => {
    const { steps } = canary();
    for (const [index, step] of steps.entries()) {
      expect(step).not.toHaveProperty('pause');
      if (step.setWeight === undefined) continue;
      expect(steps[index - 1]).toHaveProperty('setCanaryScale');
      expect(steps[index + 1]).toHaveProperty('analysis');
    }
    const kinds = steps.map((step) => Object.keys(step)[0]);
    expect(kinds.filter((kind) => kind === 'analysis')).toHaveLength(plan.phases.length);
    expect(kinds.at(-1)).toBe('analysis');
  });

  test('the shadow is scaled, mirrored with a match and judged before any weight, and ends before the first', () => {
    const { steps, strategy } = canary();
    expect(steps.slice(0, 3)).toMatchObject([
      { setCanaryScale: { replicas: 2 } },
      { setMirrorRoute: { name: 'shadow', percentage: 100, match: [{ path: { prefix: '/' } }] } },
      { analysis: { templates: [{ templateName: 'forecast-shadow' }] } },
    ]);
    expect(steps[3]).toEqual({ setMirrorRoute: { name: 'shadow' } });
    expect(steps.findIndex((step) => step.setWeight !== undefined)).toBeGreaterThan(3);
    expect(strategy.trafficRouting?.managedRoutes).toEqual([{ name: 'shadow' }]);
  });

  test('the canary has pods for its share, at least two, and all of them at 100 %', () => {
    const scales = (replicas: number) => canary(replicas).steps.flatMap((step) => step.setCanaryScale?.replicas ?? []);
    expect(scales(2)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(scales(10)).toEqual([10, 2, 3, 5, 8, 10]);
  });

  test('what never becomes ready aborts, pods outlive an abort for a while, and the stable is never scaled down', () => {
    const { spec, strategy } = canary();
    expect(spec).toMatchObject({ progressDeadlineAbort: true, progressDeadlineSeconds: 600 });
    expect(strategy.abortScaleDownDelaySeconds).toBeGreaterThan(0);
    expect(strategy).not.toHaveProperty('dynamicStableScale');
    expect(spec).not.toHaveProperty('rollbackWindow');
  });

  test('the pod template changes with the release alone: the owner and the runbook are not part of it', () => {
    const template = (changed: Partial<typeof plan>, release = target.release) =>
      compile({ ...plan, ...changed }, gates, { ...target, release }).rollout.spec.template;
    expect(template({ owner: 'others', runbook: 'docs/other.md' })).toEqual(template({}));
    expect(template({}, `sha256:${'3'.repeat(64)}`)).not.toEqual(template({}));
  });

  test('quantities are written as the API server writes them, or Pulumi and Argo would fight over the container', () => {
    const { requests = {}, limits = {} } = canary().spec.template?.spec?.containers[0]?.resources ?? {};
    const quantities = [...Object.values(requests), ...Object.values(limits)].map(String);
    expect(quantities).toHaveLength(4);
    for (const quantity of quantities) {
      expect(quantity).toMatch(/^[1-9]\d*(m|Mi|Gi)?$/);
      expect(quantity).not.toMatch(/000m$|^(1024|2048|4096)Mi$/);
    }
  });

  test('the image starts by its own entry point, and knows its version by the downward API', () => {
    const container = canary().spec.template?.spec?.containers[0];
    expect(container).toMatchObject({ args: ['serve'], image: target.image });
    expect(container).not.toHaveProperty('command');
    const fields = container?.env?.flatMap(({ name, valueFrom }) =>
      valueFrom ? [[name, valueFrom.fieldRef?.fieldPath]] : [],
    );
    expect(fields).toEqual([
      ['HOST', 'status.podIP'],
      ['POD_NAME', 'metadata.name'],
      ['POD_HASH', "metadata.labels['rollouts-pod-template-hash']"],
      ['RELEASE', "metadata.annotations['gridramp.io/release']"],
    ]);
  });
});

describe('routes', () => {
  test('callers outside the mesh reach no pod; both versions have their Service', () => {
    const selectors = compile(plan, gates, target).services.map(({ metadata, spec }) => [metadata.name, spec.selector]);
    expect(selectors).toEqual([
      ['forecast', undefined],
      ['forecast-stable', { app: 'forecast' }],
      ['forecast-canary', { app: 'forecast' }],
    ]);
  });

  test('the shadow route and the primary one both keep a station with its version', () => {
    const patches = compile(plan, gates, target).envoyFilters[0]?.spec?.configPatches ?? [];
    expect(patches.map(({ match }) => match?.routeConfiguration?.vhost?.route?.name)).toEqual(['shadow', 'primary']);
    for (const { patch } of patches)
      expect(patch?.value).toEqual({
        route: {
          hash_policy: [{ header: { header_name: 'x-station-id' } }],
          weighted_clusters: { use_hash_policy: true },
        },
      });
  });
});

describe('a measurement', () => {
  test('decides only by one finite value, and always by both conditions', () => {
    expect(conditions(serving, 7)).toEqual({
      successCondition: 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0]) && (result[0] <= 7)',
      failureCondition: 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0]) && (result[0] > 7)',
    });
  });

  test('is judged by the plan’s threshold where it sets one', () => {
    const metrics = compile(plan, gates, target).analysisTemplates[0]?.spec.metrics ?? [];
    expect(metrics.map(({ name, failureCondition }) => [name, failureCondition?.slice(-17)])).toEqual([
      ['latency', '(result[0] > 100)'],
      ['parity', '& (result[0] > 7)'],
    ]);
  });

  test('is judged in a phase by that phase’s own limit, and in the background by the loosest of all', () => {
    const own = (name: string) => ({ gates: name === 'ramp-10' ? { latency: { threshold: 250 } } : {} });
    const hold: Hold = { name: 'hold-1', kind: 'hold', reason: 'a person looks', by: null, hours: 24, on_call: [] };
    const steps = plan.steps.map((step) => (isJudged(step) ? { ...step, ...own(step.name) } : step));
    const held = steps.toSpliced(
      steps.findIndex(({ name }) => name === 'ramp-25'),
      0,
      hold,
    );
    const templates = compile({ ...plan, steps: held, phases: held.filter(isJudged) }, gates, target).analysisTemplates;
    const limits = templates.map(({ metadata, spec }) => [
      metadata?.name,
      /> (\d+)\)$/.exec(spec.metrics?.[0]?.failureCondition ?? '')?.[1],
    ]);
    expect(Object.fromEntries(limits)).toMatchObject({
      ...{ 'forecast-shadow': '100', 'forecast-ramp-10': '250', 'forecast-ramp-25': '100' },
      'forecast-watch': '250',
    });
  });

  test('is told whether the plan accepts a proven small loss', () => {
    const told: Gate = { ...serving, query: ({ accepted_loss }) => String(accepted_loss) };
    const queries = (accepted_loss: string | null) =>
      compile({ ...plan, judge: { ...plan.judge, accepted_loss } }, [told], target).analysisTemplates.map(
        ({ spec }) => spec.metrics?.[0]?.provider.prometheus?.query,
      );
    expect(new Set(queries(null))).toEqual(new Set(['false']));
    expect(new Set(queries('half the memory'))).toEqual(new Set(['true']));
  });

  test('asks for the two versions by the hashes that the Rollout passes', () => {
    const { rollout, analysisTemplates } = compile(plan, gates, target);
    const [template] = analysisTemplates;
    const passed = rollout.spec.strategy?.canary?.steps?.find((step) => step.analysis)?.analysis?.args;
    expect(passed?.map(({ name, valueFrom }) => [name, valueFrom?.podTemplateHashValue])).toEqual([
      ['canary-hash', 'Latest'],
      ['stable-hash', 'Stable'],
    ]);
    expect(template?.spec.args).toEqual([{ name: 'canary-hash' }, { name: 'stable-hash' }]);
    expect(template?.spec.metrics?.[0]?.provider.prometheus?.query).toBe(
      'a{pod_hash="{{args.canary-hash}}"}[6h] - a{pod_hash="{{args.stable-hash}}"}[6h]',
    );
  });
});

describe('a phase', () => {
  const [shadow] = timedPhases(plan, target);
  if (shadow === undefined) throw new Error('the plan has no phase');

  test.each(timedPhases(plan, target))('$name in production is as long as its good looks', (phase) => {
    const { interval, consecutiveSuccessLimit = 0, count, inconclusiveLimit } = looks(serving, phase, target);
    expect(interval).toBe('5m');
    expect(consecutiveSuccessLimit * 300).toBe(phase.hours * 3600);
    expect(count).toBeGreaterThanOrEqual(2 * consecutiveSuccessLimit + inconclusiveLimit);
    expect(inconclusiveLimit).toBeLessThan(consecutiveSuccessLimit);
  });

  test('takes evidence once, whenever its hours are judged', () => {
    const { consecutiveSuccessLimit, count, inconclusiveLimit, failureLimit } = looks(evidence, shadow, target);
    expect({ consecutiveSuccessLimit, failureLimit }).toEqual({ consecutiveSuccessLimit: 1, failureLimit: 0 });
    expect(inconclusiveLimit).toBe(count);
  });

  test('waits longer for its hours where a replay may lag', () => {
    const slow = { ...target, time: rehearsalTime(15) };
    const [rehearsed] = timedPhases(plan, slow);
    if (rehearsed === undefined) throw new Error('the plan has no phase');
    expect(looks(evidence, rehearsed, slow).count).toBe(5 * 22);
    expect(looks(evidence, shadow, target).count).toBe(1.25 * 14 * 24 * 12);
  });

  test('forgives five minutes without Prometheus', () => {
    expect(looks(serving, shadow, target).consecutiveErrorLimit * 10).toBe(300);
  });

  test('is looked at in whole seconds and never without bound', () => {
    const year = { ...shadow, seconds: 365 * 86_400 };
    expect(looks(serving, year, target).consecutiveSuccessLimit).toBeLessThanOrEqual(4096);
    const fast = { ...target, time: rehearsalTime(1000) };
    expect(looks(serving, { ...shadow, seconds: 0.3 }, fast)).toMatchObject({
      interval: '1s',
      consecutiveSuccessLimit: 2,
    });
  });

  test('asks for hours that can have been judged by its end', () => {
    for (const time of [productionTime, rehearsalTime(15)]) {
      let end_h = 0;
      for (const { hours, min_hours } of timedPhases(plan, { time })) {
        end_h += hours;
        expect(min_hours).toBeLessThanOrEqual(end_h - 31);
        expect(min_hours).toBeGreaterThanOrEqual(24);
      }
    }
  });
});

test('compiling is deterministic to the byte', () => {
  const bytes = () => JSON.stringify(manifestList(compile(plan, gates, target)));
  expect(bytes()).toBe(bytes());
});
