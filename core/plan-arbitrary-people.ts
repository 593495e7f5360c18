import fc, { type Arbitrary } from 'fast-check';
import type { WrittenPlan } from './plan-file.ts';
import type { Role } from './plan-types.ts';

export type WrittenTeam = NonNullable<WrittenPlan['team']>;

/** Who releases, who is told, and which stations are chosen. */
export function people(): Arbitrary<Pick<WrittenPlan, 'notify' | 'stations'> & { team: WrittenTeam }> {
  return fc.record(
    { team: fc.dictionary(roles, member, { maxKeys: 6 }), notify, stations },
    { requiredKeys: ['team'] },
  );
}

/** Start, freezes, retraining: what only the calendar knows. */
export function around(): Arbitrary<
  Pick<WrittenPlan, 'calendar' | 'freezes' | 'retraining' | 'evidence' | 'acknowledge'>
> {
  return fc.record(
    {
      calendar: fc.record({ start: fc.constantFrom('2027-01-04', '2028-02-29'), zone }),
      freezes,
      retraining: fc.record({
        days: fc.subarray(['mon', 'tue', 'sun'] as const, { minLength: 1 }),
        from: night,
        to: morning,
        zone,
        model: fc.constantFrom('ridge' as const, 'all' as const),
        history: fc.integer({ min: 70, max: 400 }).map((days) => `${days}d`),
      }),
      // Longer than the longest assessment.
      evidence: fc.record({ retain: fc.integer({ min: 200, max: 3650 }).map((days) => `${days}d`) }),
      acknowledge: fc.constant({ [`sha256:${'b'.repeat(64)}`]: 'The abort came from a broken sensor' }),
    },
    { requiredKeys: [] },
  );
}

const roles = fc.constantFrom<Role>('ml-engineers', 'devops', 'qa', 'ux', 'product', 'data-engineers');
const member = fc.record(
  { contact: fc.constantFrom('grid@example.org', '#team: "grid"'), on_call: fc.constant('+49 000 / duty') },
  { requiredKeys: ['contact'] },
);

const events = fc.subarray(['started', 'advanced', 'waiting', 'held', 'aborted', 'promoted'] as const, {
  minLength: 1,
});
/** Each entry tells receivers of its own: nobody is told twice. */
const notify = fc
  .array(fc.record({ when: events, by: fc.subarray(['slack', 'email', 'webhook'], { minLength: 1 }) }), {
    maxLength: 3,
  })
  .map((entries) => entries.map(({ when, by }, index) => ({ when, to: by.map((kind) => receivers(kind, index)) })));

function receivers(kind: string, index: number): string {
  return kind === 'email' ? `email:grid-${index}@example.org` : `${kind}:grid-${index}`;
}

const chosen = (letter: string) =>
  fc.constantFrom({ id: `${letter} "1"` }, { region: `${letter}: north` }, { criticality: letter });
const stations = fc.record(
  { inventory: fc.constant('rollouts/stations.csv'), pinned: chosen('a').map(only), kept_out: chosen('b').map(only) },
  { requiredKeys: ['inventory'] },
);
function only<T>(one: T): T[] {
  return [one];
}

const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata');
const night = fc.constantFrom('00:00', '01:30', '22:00');
const morning = fc.constantFrom('05:00', '06:30');

/** One a month, none longer than three weeks: none overlaps another in any zone. */
const freezes = fc
  .array(fc.record({ month: fc.integer({ min: 1, max: 12 }), to: fc.integer({ min: 2, max: 21 }), zone }), {
    maxLength: 4,
  })
  .map((list) =>
    [...new Map(list.map((freeze) => [freeze.month, freeze])).values()].map(({ month, to, zone }) => ({
      name: `Freeze of month ${month}`,
      from: `2027-${String(month).padStart(2, '0')}-01`,
      to: `2027-${String(month).padStart(2, '0')}-${String(to).padStart(2, '0')} 18:00`,
      zone,
    })),
  );
