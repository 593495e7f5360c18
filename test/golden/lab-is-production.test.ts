import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gatesFor } from '../../analysis/gates.ts';
import { compile, manifestList } from '../../core/compile/compile.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { timedPhases } from '../../core/compile/phases.ts';
import { productionTime, rehearsalTime, type Target } from '../../core/compile/target.ts';
import { formatSeconds } from '../../core/duration.ts';
import { frozenWindows } from '../../core/freeze.ts';
import { parsePlan } from '../../core/plan.ts';
import { type Scoring, scoringManifests } from '../../stacks/scoring.ts';

const plan = parsePlan(readFileSync('rollouts/forecast.yaml', 'utf8'), 'rollouts/forecast.yaml');

const production: Target = {
  ...exampleTarget,
  registry: { persistentVolumeClaim: { claimName: 'model-registry' } },
  states: { persistentVolumeClaim: { claimName: 'model-states' } },
  prometheus_url: 'http://prometheus.monitoring.svc:9090',
  scorer_url: 'http://scorer.forecast.svc:8080',
  time: productionTime,
};

const lab: Target = {
  ...exampleTarget,
  registry: { hostPath: { path: '/lab/registry' } },
  states: { hostPath: { path: '/lab/states', type: 'DirectoryOrCreate' } },
  prometheus_url: 'http://127.100.0.1:9090',
  scorer_url: 'http://127.100.1.3:8080',
  time: rehearsalTime(15),
};

const images = { scorer_image: `scorer@sha256:${'3'.repeat(64)}`, recomputer_image: exampleTarget.image };

const scorings = new Map<Target, Scoring>([
  [
    production,
    {
      ...images,
      data: { persistentVolumeClaim: { claimName: 'scorer-data' } },
      database: 'sqlite',
      stable_url: 'http://forecast-stable.forecast.svc:8780',
      canary_url: 'http://forecast-canary.forecast.svc:8780',
      recompute_url: 'http://recompute.forecast.svc:8780',
    },
  ],
  [
    lab,
    {
      ...images,
      data: { emptyDir: {} },
      database: 'sqlite',
      stable_url: 'http://127.100.1.1:8780',
      canary_url: 'http://127.100.1.2:8780',
      recompute_url: 'http://127.100.1.4:8780',
    },
  ],
]);

/** Every leaf of an object by its path; an element of a list that has a name shows it, like `env.6(SCORER_URL).value`. */
function leaves(value: unknown, path: string[] = []): Map<string, unknown> {
  if (value === null || typeof value !== 'object') return new Map([[path.join('.'), value]]);
  const entries = Object.entries(value);
  if (entries.length === 0) return new Map([[path.join('.'), JSON.stringify(value)]]);
  return new Map(
    entries.flatMap(([key, inner]) => [
      ...leaves(inner, [...path, Array.isArray(value) && inner?.name !== undefined ? `${key}(${inner.name})` : key]),
    ]),
  );
}

function objectsOf(target: Target, scoring = scorings.get(target)): Map<string, unknown> {
  if (scoring === undefined) throw new Error('a target of another kind needs its scoring');
  const manifests = [...manifestList(compile(plan, gatesFor(target), target)), ...scoringManifests(plan, target, scoring)];
  return leaves(Object.fromEntries(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata?.name}`, manifest])));
}

/** What a compressed clock may change. */
const durations = [
  /^AnalysisTemplate\/.*\.(interval|count|consecutiveSuccessLimit|inconclusiveLimit)$/,
  /^Rollout\/.*\.(progressDeadlineSeconds|abortScaleDownDelaySeconds|scaleDownDelaySeconds)$/,
];
/** What does not belong to a rehearsal: its hours pass in seconds, and a training would begin in the middle of it. */
const never = [/^CronJob\/.*\.suspend$/];
/** What may lie elsewhere. */
const addresses = [
  /^AnalysisTemplate\/.*\.prometheus\.address$/,
  /^(Rollout|Deployment|CronJob)\/.*\.env\.\d+\((SCORER_URL|STABLE_URL|CANARY_URL|RECOMPUTE_URL)\)\.value$/,
  /^(Rollout|Deployment|CronJob)\/.*\.volumes\.\d+\((registry|states|data)\)\.(persistentVolumeClaim\.claimName|hostPath\.(path|type)|emptyDir)$/,
];
const query = /^AnalysisTemplate\/.*\.prometheus\.query$/;

/** Numbers and durations of a query; whatever stands between them must be the same on both sides. */
const number = /(?<![\w"])\d+(?:\.\d+)?(?:e-\d+)?[smh]?/g;

/** What the two clocks make of the same thing: rate windows, hours to judge, and the memory gate's window in seconds. */
const clocks = new Set(
  [
    ...[0.5, 1, 12].map((windows) => [lab, production].map(({ time }) => formatSeconds(windows * time.window_s))),
    [lab, production].map(({ time }) => String(3 * time.window_s)),
    [lab, production].map(({ time }) => String(time.window_s / 1e6)),
    // A rehearsal's windows have no length.
    ...frozenWindows(plan.freezes).flatMap(({ from_ms, to_ms }) => [from_ms, to_ms].map((ms) => ['0', String(ms / 1000)])),
    ...plan.phases.flatMap((_, index) =>
      (['min_hours', 'age_hours'] as const).map((key) =>
        [lab, production].map((target) => String(timedPhases(plan, target)[index]?.[key])),
      ),
    ),
  ].map((pair) => pair.join(' → ')),
);

/** Differences of two queries that no clock explains. */
function strangeNumbers(ours: string, theirs: string): string[] {
  if (ours.replace(number, '#') !== theirs.replace(number, '#')) return ['another text'];
  const there = theirs.match(number) ?? [];
  const pairs = (ours.match(number) ?? []).map((here, index) => [here, there[index]] as const);
  return pairs.filter(([here, other]) => here !== other).flatMap((pair) => (clocks.has(pair.join(' → ')) ? [] : pair.join(' → ')));
}

/** Paths at which two sides differ, and those of them that neither clocks nor addresses explain. */
function differences(ours: Map<string, unknown>, theirs: Map<string, unknown>) {
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])];
  const differing = paths.filter((path) => ours.get(path) !== theirs.get(path));
  const strange = differing.filter((path) => {
    if (query.test(path)) return strangeNumbers(String(ours.get(path)), String(theirs.get(path))).length > 0;
    return ![...durations, ...never, ...addresses].some((allowed) => allowed.test(path));
  });
  return { differing, strange };
}

test('lab and production objects differ only in durations, windows and addresses', () => {
  const { differing, strange } = differences(objectsOf(lab), objectsOf(production));
  expect(strange).toEqual([]);
  for (const expected of [query, ...addresses]) expect(differing.some((path) => expected.test(path))).toBe(true);
});

test('a variable or a volume that is no address is noticed', () => {
  const changed = new Map(objectsOf(lab));
  const paths = [...changed.keys()].filter((path) => /\((ARM|DATA)\)\.value$|\(tmp\)\.emptyDir$/.test(path));
  expect(paths).toHaveLength(6);
  for (const path of paths) changed.set(path, 'another');
  expect(differences(changed, objectsOf(production)).strange).toEqual(paths);
});

test('the names of environment variables, volumes and everything else are the same on both sides', () => {
  const names = (target: Target) => [...objectsOf(target)].filter(([path]) => path.endsWith('.name'));
  expect(names(lab)).toEqual(names(production));
});

test('a number in a query that no clock explains is noticed', () => {
  expect(strangeNumbers('rate(a[6s]) > 100', 'rate(a[6h]) > 100')).toEqual([]);
  expect(strangeNumbers('rate(a[6s]) > 100', 'rate(a[6h]) > 50')).toEqual(['100 → 50']);
  expect(strangeNumbers('rate(a[6s])', 'irate(a[6h])')).toEqual(['another text']);
});
