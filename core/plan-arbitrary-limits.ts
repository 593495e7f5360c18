import fc, { type Arbitrary } from 'fast-check';
import type { WrittenPlan } from './plan-file.ts';

/** How it is judged: delays, detectors, prices. */
export function judgement(): Arbitrary<Pick<WrittenPlan, 'judge'>> {
  const drift = fc.record(
    {
      cusum: fc.record({ slack: number(0, 2), limit: number(3, 9) }),
      ks: fc.record({ p_value: number(0.001, 0.1) }),
      page_hinkley: fc.record({ min_hours: fc.integer({ min: 1, max: 10_000 }) }),
    },
    { requiredKeys: [] },
  );
  const judge = fc.record(
    {
      truth_delay: fc.oneof(
        fc.integer({ min: 1, max: 168 }).map((hours) => `${hours}h`),
        fc.integer({ min: 1, max: 7 }).map((days) => `${days}d`),
      ),
      accepted_loss: fc.constant('one model instead of "many": half the memory'),
      database: fc.constantFrom('sqlite' as const, 'postgresql' as const),
      drift,
      tariff: fc.record({ currency: fc.constantFrom('EUR', 'NOK'), shortfall_per_mwh: number(1, 500) }),
    },
    { requiredKeys: [] },
  );
  return fc.record({ judge }, { requiredKeys: [] });
}

/** Criteria, gates' limits, arms and what pods ask for. */
export function limits(): Arbitrary<Pick<WrittenPlan, 'success' | 'rollback' | 'gates' | 'arms' | 'resources'>> {
  return fc
    .record({ others: fc.record({ gates, arms, resources }, { requiredKeys: [] }), latency: fc.option(latency) })
    .map(({ others, latency }) => ({ ...others, ...(latency === null ? {} : latencies(latency, others.gates)) }));
}

/** The strategy's latencies: what is a success is never taken back. */
const latency = fc.record({ limit: number(1, 500), share: number(0, 1), both: fc.boolean() });

function latencies(
  { limit, share, both }: { limit: number; share: number; both: boolean },
  gates: WrittenPlan['gates'],
) {
  return {
    success: { accuracy: '20%', latency: limit * share, feedback: { score: 4, answers: 50 } },
    rollback: { accuracy: '5%', latency: limit },
    ...(both ? { gates: { ...gates, latency: { threshold: limit } } } : {}),
  };
}

/** Limits of gates, of a plan or of one phase. */
export const gates: Arbitrary<NonNullable<WrittenPlan['gates']>> = fc
  .tuple(
    fc.dictionary(
      fc.constantFrom('pair-coverage', 'label-coverage', 'fresh', 'errors', 'fallback'),
      fc.record({ threshold: fc.oneof(number(0, 1), fc.constantFrom(0, 1e-7, 1)) }),
    ),
    fc.dictionary(
      fc.constantFrom('restarts', 'memory', 'cpu'),
      fc.record({ threshold: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(1e-7, 1e6)) }),
    ),
  )
  .map(([shares, others]) => ({ ...shares, ...others }));

const arms = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/), { minLength: 2, maxLength: 8 })
  .chain((names) =>
    fc.tuple(
      fc.constant(names),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: names.length, maxLength: names.length }),
    ),
  )
  .map(([names, given]) => {
    const [first = '', second = ''] = names;
    const rest = 100 - given.slice(1).reduce((sum, share) => sum + share, 0);
    const shares = names.map((name, index) => [name, `${index === 0 ? rest : given[index]}%`]);
    return { default: first, expected: second, shares: Object.fromEntries(shares) };
  });

const resources = fc.record(
  {
    serving: fc.record({
      cpu: fc.constantFrom('1', '1500m', '4', '500'),
      memory: fc.constantFrom('512Mi', '3Gi', '1500Mi', '512Gi'),
    }),
    training: fc.record({ gpus: fc.integer({ min: 0, max: 16 }), node_pool: fc.constant('gpu-pool_1') }),
  },
  { requiredKeys: [] },
);

function number(min: number, max: number): Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}
