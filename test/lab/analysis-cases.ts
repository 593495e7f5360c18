import fc from 'fast-check';

/** Series change halfway between two instants of this grid, so that a measurement may be late by half of it and still see the same. */
export const GRID_S = 5;
/** How long levels vary; after that they stay at 1, so that every run ends. */
const VARIED = 14;
const LEVELS = 32;

/** No sample at the level: the query drops it. */
const EMPTY = '9';

type Kind = 'vector' | 'scalar' | 'range' | 'invalid' | 'nothing';

export type GeneratedMetric = {
  kind: Kind;
  /** Values of the first series over the grid, as Prometheus writes them. */
  levels: string[];
  several: boolean;
  interval_s: number;
  count: number;
  conditions: ('success' | 'failure')[];
  /** Conditions ask whether there is one result before they read it. */
  guarded: boolean;
  failureLimit: number | undefined;
  inconclusiveLimit: number | undefined;
  consecutiveErrorLimit: number | undefined;
  consecutiveSuccessLimit: number | undefined;
  initialDelay_s: number | undefined;
  dryRun: boolean;
};

export type GeneratedCase = {
  metrics: GeneratedMetric[];
  /** On the grid, from the first and before the second: Prometheus is not reached. */
  outages: [from: number, to: number][];
};

const often = <T>(usual: T, arbitrary: fc.Arbitrary<T>, times = 3) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: times }, { arbitrary, weight: 1 });
const level = fc.oneof(
  { arbitrary: fc.constant('1'), weight: 8 },
  { arbitrary: fc.constant('0'), weight: 3 },
  { arbitrary: fc.constantFrom(EMPTY, '0.5', 'NaN', '+Inf'), weight: 3 },
);

const option = (min: number, max: number) =>
  fc.option(fc.integer({ min, max: Math.max(min, max) }), { nil: undefined });

const metric: fc.Arbitrary<GeneratedMetric> = fc
  .record({ count: fc.integer({ min: 2, max: 6 }), failureLimit: option(-1, 2) })
  .chain(({ count, failureLimit }) =>
    fc.record({
      kind: often<Kind>('vector', fc.constantFrom('scalar', 'range', 'invalid', 'nothing'), 4),
      levels: fc
        .array(level, { minLength: VARIED, maxLength: VARIED })
        .map((levels) => [...levels, ...Array<string>(LEVELS - VARIED).fill('1')]),
      several: often(false, fc.constant(true), 5),
      interval_s: fc.constantFrom(GRID_S, 3 * GRID_S),
      count: fc.constant(count),
      conditions: fc.constantFrom<GeneratedMetric['conditions']>(
        ['success', 'failure'],
        ['success', 'failure'],
        ['success'],
        ['failure'],
        [],
      ),
      guarded: often(true, fc.constant(false), 2),
      failureLimit: fc.constant(failureLimit),
      inconclusiveLimit: option(0, 2),
      consecutiveErrorLimit: option(0, 3),
      // Argo refuses more than the count leaves beside the failures; now and then it is to refuse.
      consecutiveSuccessLimit: often(
        option(1, count - Math.max(0, failureLimit ?? 0)),
        fc.constant(option(1, count)),
        12,
      ).chain((limit) => limit),
      initialDelay_s: often(undefined, fc.constantFrom<number | undefined>(GRID_S, 3 * GRID_S), 4),
      dryRun: often(false, fc.constant(true), 5),
    }),
  );

type Outages = GeneratedCase['outages'];
/** Errors that are never in a row where a metric looks every grid: the retry after two grids finds Prometheus back. */
const apart: Outages = [1, 4, 7].map((from) => [from, from + 1]);
const long = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 8 }))
  .map(([from, grids]): Outages => [[from, from + grids]]);

const generated: fc.Arbitrary<GeneratedCase> = fc.record({
  metrics: fc.array(metric, { minLength: 1, maxLength: 2 }),
  outages: fc.oneof(
    { arbitrary: fc.constant<Outages>([]), weight: 3 },
    { arbitrary: fc.constant(apart), weight: 1 },
    { arbitrary: long, weight: 1 },
  ),
});

export function generatedCases(howMany: number, seed: number): GeneratedCase[] {
  return fc.sample(generated, { numRuns: howMany, seed });
}

/** The case as an AnalysisTemplate that asks `address`. */
export function templateOf({ metrics }: GeneratedCase, name: string, address: string) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name },
    spec: {
      args: [{ name: 'case', value: name }],
      // Argo would keep the last ten of each metric.
      measurementRetention: [{ metricName: '.*', limit: 100 }],
      dryRun: metrics.flatMap(({ dryRun }, n) => (dryRun ? [{ metricName: `m${n}` }] : [])),
      metrics: metrics.map((wanted, n) => ({
        name: `m${n}`,
        interval: `${wanted.interval_s}s`,
        count: wanted.count,
        ...limitsOf(wanted),
        ...conditionsOf(wanted),
        provider: { prometheus: { address, ...queryOf(wanted, n) } },
      })),
    },
  };
}

function limitsOf({
  failureLimit,
  inconclusiveLimit,
  consecutiveErrorLimit,
  consecutiveSuccessLimit,
  initialDelay_s,
}: GeneratedMetric) {
  const written = { failureLimit, inconclusiveLimit, consecutiveErrorLimit, consecutiveSuccessLimit };
  const set = Object.entries(written).filter(([, limit]) => limit !== undefined);
  return {
    ...Object.fromEntries(set),
    ...(initialDelay_s === undefined ? {} : { initialDelay: `${initialDelay_s}s` }),
  };
}

function conditionsOf({ kind, conditions, guarded }: GeneratedMetric): {
  successCondition?: string;
  failureCondition?: string;
} {
  const about = (condition: string) => {
    if (kind === 'scalar') return condition.replaceAll('x', 'result');
    const first = condition.replaceAll('x', 'result[0]');
    return guarded ? `len(result) == 1 && (${first})` : first;
  };
  return {
    ...(conditions.includes('success') ? { successCondition: about('x >= 1') } : {}),
    ...(conditions.includes('failure') ? { failureCondition: about('x < 0.3') } : {}),
  };
}

function queryOf({ kind }: GeneratedMetric, n: number) {
  const series = `level{case="{{args.case}}",metric="m${n}"} != ${EMPTY}`;
  const step = `${GRID_S}s`;
  const last = { start: `now() - duration("${2 * GRID_S}s")`, end: 'now()', step };
  if (kind === 'range') return { query: series, rangeQuery: last };
  if (kind === 'invalid') return { query: `sum(${series}` };
  if (kind === 'nothing') return { query: `absent_series{case="{{args.case}}"}` };
  return { query: kind === 'scalar' ? `scalar(${series})` : series };
}

/** The case's series as OpenMetrics lines: a sample a second from three grids before `start_s` on. */
export function samplesOf({ metrics }: GeneratedCase, name: string, start_s: number): string[] {
  return metrics.flatMap(({ levels, several }, n) => {
    const labels = (more: string) => `level{case="${name}",metric="m${n}"${more}}`;
    const line = (more: string) =>
      levels.flatMap((_, grid) =>
        Array.from({ length: GRID_S }, (_, s) => {
          const at_s = (grid - 3) * GRID_S + s;
          // The level of an instant of the grid holds from half a grid before it.
          const value = levels[Math.max(0, Math.floor(at_s / GRID_S + 0.5))] ?? '1';
          return `${labels(more)} ${value} ${start_s + at_s}`;
        }),
      );
    return several ? [...line(''), ...line(',second="yes"')] : line('');
  });
}
