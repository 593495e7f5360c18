import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allGates } from '../../analysis/gates.ts';
import { analysisTemplates, hashArgs } from '../../core/compile/analysis.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { metrics as sources } from '../../core/metrics.ts';
import { parsePlan } from '../../core/plan.ts';
import { type KnowingPrometheus, prometheusOf } from '../prometheus.ts';
import { BEGIN_S, type Oddity, oddities, STALE_H, STEP_H, soundPod, soundScores } from './odd-world.ts';

/** Series last a day, those that are stale ended long before its end, and the gates look at its end. */
const LAST_H = 24 + STALE_H;
const LENGTH_H = 24;

type Series = ReturnType<typeof soundPod>[number] & { until_h?: number };
/** Series of a canary and a stable that no other world has. */
type World = { canary: string; stable: string; lines: string[] };

const plan = parsePlan(readFileSync('rollouts/forecast.yaml', 'utf8'), 'rollouts/forecast.yaml');
const template = analysisTemplates(plan, allGates, exampleTarget).find(({ metadata }) =>
  /-25$/.test(metadata?.name ?? ''),
);
const metrics = template?.spec.metrics ?? [];

const worlds: World[] = [];

function linesOf(owner: string, { name, labels, at, until_h = 0 }: Series): string[] {
  const all = [owner, labels].filter((text) => text !== '').join(',');
  const steps = Array.from({ length: LENGTH_H / STEP_H + 1 }, (_, step) => LAST_H + until_h - LENGTH_H + step * STEP_H);
  return steps.map((hour) => {
    const value = at(hour);
    const written = Number.isNaN(value) ? 'NaN' : String(value).replace('Infinity', 'Inf');
    return `${name}{${all}} ${written} ${BEGIN_S + hour * 3600}`;
  });
}

function odd(series: readonly Series[], oddity: Oddity | null): Series[] {
  return oddity === null ? [] : series.map(oddity);
}

/** A world of these series; `releases`: more than one under the canary's hash. */
function world(
  canary: readonly Series[],
  stable: readonly Series[],
  scores: readonly Series[],
  releases = ['r'],
): World {
  const [c, s] = [`c${worlds.length}`, `s${worlds.length}`];
  const made = {
    canary: c,
    stable: s,
    lines: [
      ...canary.flatMap((series) => linesOf(`pod_hash="${c}",pod="${c}-1"`, series)),
      ...stable.flatMap((series) => linesOf(`pod_hash="${s}",pod="${s}-1"`, series)),
      ...releases.flatMap((release) =>
        scores.flatMap((series) => linesOf(`pod_hash="${c}",release="${release}",arm="a"`, series)),
      ),
    ],
  };
  worlds.push(made);
  return made;
}

const sound = world(soundPod(), soundPod(), soundScores());
const twoReleases = world(soundPod(), soundPod(), soundScores(), ['r', 'q']);
const kinds = Object.entries(oddities).map(([what, oddity]) => ({
  what,
  everywhere: world(odd(soundPod(), oddity), odd(soundPod(), oddity), odd(soundScores(), oddity)),
  canary: world(odd(soundPod(), oddity), soundPod(), odd(soundScores(), oddity)),
  stable: world(soundPod(), odd(soundPod(), oddity), soundScores()),
}));

const single = [...new Set([...soundPod(), ...soundScores()].map(({ name }) => name))].flatMap((name) =>
  Object.entries(oddities).map(([what, oddity]) => {
    const oddly = (all: readonly Series[]) =>
      all.flatMap((series) => (series.name === name ? odd([series], oddity) : [series]));
    return { name, what, where: world(oddly(soundPod()), soundPod(), oddly(soundScores())) };
  }),
);

const folder = mkdtempSync(join(tmpdir(), 'gridramp-odd-'));
let prometheus: KnowingPrometheus;
beforeAll(async () => {
  prometheus = await prometheusOf(`${worlds.flatMap(({ lines }) => lines).join('\n')}\n# EOF\n`, folder);
});
afterAll(async () => {
  await prometheus?.end();
  rmSync(folder, { recursive: true });
});

type Phase = 'Successful' | 'Failed' | 'Inconclusive';

/** What Argo makes of one measurement in a world: the compiled query asked of Prometheus, the compiled conditions held against its answer. */
async function phaseIn({ canary, stable }: World, metric: (typeof metrics)[number]): Promise<Phase> {
  const query = (metric.provider.prometheus?.query ?? '')
    .replaceAll(`{{args.${hashArgs.canary}}}`, canary)
    .replaceAll(`{{args.${hashArgs.stable}}}`, stable);
  const asked = new URLSearchParams({ query, time: String(BEGIN_S + LAST_H * 3600) });
  const { body } = await request(`${prometheus.url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: asked.toString(),
  });
  const answer = (await body.json()) as { status: string; data: { result: { value: [number, string] }[] } };
  expect(answer.status, JSON.stringify(answer).slice(0, 300)).toBe('success');
  const result = answer.data.result.map(({ value: [, text] }) => Number(text.replace('Inf', 'Infinity')));
  const holds = (condition = '') =>
    runInNewContext(condition, {
      result,
      len: (list: number[]) => list.length,
      isNaN: Number.isNaN,
      isInf: (x: number) => Math.abs(x) === Number.POSITIVE_INFINITY,
    }) === true;
  const [good, harmful] = [holds(metric.successCondition), holds(metric.failureCondition)];
  expect(good && harmful).toBe(false);
  return good ? 'Successful' : harmful ? 'Failed' : 'Inconclusive';
}

/** Gates by what each says of a world. */
async function phases(where: World): Promise<Record<string, Phase>> {
  const all = await Promise.all(metrics.map(async (metric) => [metric.name, await phaseIn(where, metric)] as const));
  return Object.fromEntries(all);
}

const every = (phase: Phase) => Object.fromEntries(metrics.map(({ name }) => [name, phase]));

test('where all is well every gate is good', async () => {
  expect(metrics.map(({ name }) => name)).toEqual(allGates.map(({ name }) => name));
  expect(await phases(sound)).toEqual(every('Successful'));
});

describe.each(kinds)('$what', ({ everywhere, canary, stable }) => {
  test('no gate is good, and none harmful', async () => {
    expect(await phases(everywhere)).toEqual(every('Inconclusive'));
  });

  test('of the canary alone: no gate is good, and none harmful', async () => {
    expect(await phases(canary)).toEqual(every('Inconclusive'));
  });

  test('of the stable alone: no gate is harmful', async () => {
    expect(Object.values(await phases(stable))).not.toContain('Failed');
  });
});

/** Metrics whose absence says something, so that a gate that reads them is good all the same. */
const absentIsKnown = new Set<string>([
  // Nothing has fallen back.
  sources.fallbacks.name,
  // The groups have lost too few hours to be compared.
  sources.sample_ratio_chi2.name,
]);

test.each(single)(
  '$what, of $name alone: no gate that reads it is good, and none harmful',
  async ({ name, what, where }) => {
    const reading = metrics.filter((metric) => reads(metric, [name]));
    expect(reading.length).toBeGreaterThan(0);
    const isAbsent = ['no series at all', 'all ended long ago'].includes(what);
    for (const metric of reading) {
      const phase = await phaseIn(where, metric);
      // The backtest reads the hours only to find an arm that has no verdict.
      const isNeeded =
        !(isAbsent && absentIsKnown.has(name)) && !(metric.name === 'backtest' && name === sources.release_hours.name);
      expect([metric.name, phase]).toEqual([metric.name, isNeeded ? 'Inconclusive' : 'Successful']);
    }
  },
);

test('two releases under one hash: no gate that asks the scorer is good or harmful; the pods are one version’s', async () => {
  const scored = Object.values(sources).filter(({ exporter }) => exporter === 'scorer');
  const expected = metrics.map((metric) => [
    metric.name,
    reads(
      metric,
      scored.map(({ name }) => name),
    )
      ? 'Inconclusive'
      : 'Successful',
  ]);
  expect(await phases(twoReleases)).toEqual(Object.fromEntries(expected));
});

function reads({ provider }: (typeof metrics)[number], names: readonly string[]): boolean {
  return names.some((name) => provider.prometheus?.query?.includes(`${name}{`));
}
