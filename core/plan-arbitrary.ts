import fc, { type Arbitrary } from 'fast-check';
import { stringify } from 'yaml';
import { formatHours, parseHours } from './duration.ts';
import { gates, judgement, limits } from './plan-arbitrary-limits.ts';
import { around, people, type WrittenTeam } from './plan-arbitrary-people.ts';
import type { WrittenPhase, WrittenPlan } from './plan-file.ts';
import { leastShadowHours, MAX_STEP_PERCENT } from './plan-order.ts';
import { stepsOf } from './plan-steps.ts';
import type { Role } from './plan-types.ts';
import { scoringNames } from './workload.ts';

/**
 * For property tests: any plan that holds, as its file writes it. A field that the language gets belongs here too, in all its forms;
 * what must hold of every plan is then tried on it at once.
 */
export function writtenPlans(): Arbitrary<WrittenPlan> {
  return fc
    .record({ people: people(), judge: judgement(), limits: limits(), around: around() })
    .chain(({ people: { team, ...people }, judge, limits, around }) => {
      const truth_delay = judge.judge?.truth_delay ?? '6h';
      const shadow = durations(leastShadowHours({ truth_delay_hours: parseHours(truth_delay) }, true));
      return fc
        .record({
          ...{ service, owner, runbook, replicas: fc.integer({ min: 2, max: 1000 }) },
          phases: phases(shadow, team),
          rehearsal: fc.record({ shadow, ramp: durations(1) }),
          trained: fc.boolean(),
        })
        .map(({ trained, ...plan }) => ({
          ...plan,
          ...judge,
          ...limits,
          ...around,
          ...people,
          ...(people.notify === undefined ? {} : { notify: thatComes(people.notify, plan.phases) }),
          team,
          trainings: trained ? trainingsBefore(plan.phases) : [],
        }));
    });
}

/** The same as the text of a plan's file. */
export function planTexts(): Arbitrary<string> {
  return writtenPlans().map((plan) => stringify(plan));
}

const service = fc
  .stringMatching(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/)
  .filter((name) => !Object.values<string>(scoringNames).includes(name));
const owner = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
const runbook = fc.constantFrom('docs/runbooks/forecast-release.md', 'https://wiki.example.org/runbook?page=1#top');

/** From so many hours on, as days or as hours. */
function durations(least_h: number): Arbitrary<string> {
  return fc
    .record({ more: fc.integer({ min: 0, max: 60 * 24 }), in_days: fc.boolean() })
    .map(({ more, in_days }) => (in_days ? formatHours(24 * Math.ceil((least_h + more) / 24)) : `${least_h + more}h`));
}

/** Preparations, one shadow, ramps to 100 % with holds between them, and what follows the last of them. */
function phases(shadow: Arbitrary<string>, team: WrittenTeam): Arbitrary<WrittenPhase[]> {
  const roles = roleNames(team);
  const on_duty = roles.filter((role) => team[role]?.on_call !== undefined);
  const watched = <T extends object>(phase: Arbitrary<T>) =>
    fc
      .tuple(phase, fc.subarray(on_duty))
      .map(([written, on_call]) => (on_call.length > 0 ? { ...written, on_call } : written));
  const hold = watched(
    fc
      .record({
        hold: sentence,
        for: durations(1),
        by: fc.option(fc.constantFrom(...roles, undefined), { nil: undefined }),
      })
      .map(({ by, ...held }) => (by === undefined ? held : { ...held, by })),
  );
  const ramp = (percent: number) =>
    fc.tuple(
      fc.option(hold),
      watched(
        fc.record({ ramp: fc.constant(`${percent}%`), for: durations(1), gates }, { requiredKeys: ['ramp', 'for'] }),
      ),
    );
  return fc
    .record({
      prepare: fc.array(
        watched(fc.record({ prepare: fc.array(sentence, { minLength: 1, maxLength: 3 }), for: durations(1) })),
        { maxLength: 2 },
      ),
      shadow: watched(
        fc.record({ shadow: fc.integer({ min: 1, max: 100 }).map((percent) => `${percent}%`), for: shadow }),
      ),
      ramps: percents.chain((rising) => fc.tuple(...rising.map(ramp))),
      retire: fc.option(fc.tuple(hold, watched(fc.record({ retire: retirement, for: durations(1) })))),
      assess: fc.option(watched(fc.record({ assess: durations(24), for: durations(24) }))),
    })
    .map(({ prepare, shadow, ramps, retire, assess }): WrittenPhase[] =>
      [...prepare, shadow, ...ramps.flat(), ...(retire ?? []), assess].filter((phase) => phase !== null),
    );
}

/** Shares that rise by steps that are not too large, to 100. */
const percents = fc.array(fc.integer({ min: 1, max: MAX_STEP_PERCENT }), { maxLength: 8 }).map((steps) => {
  const rising: number[] = [];
  let percent = 0;
  for (const step of [...steps, ...Array.from({ length: 100 / MAX_STEP_PERCENT }, () => MAX_STEP_PERCENT)]) {
    if (percent === 100) break;
    percent = Math.min(100, percent + step);
    rising.push(percent);
  }
  return rising;
});

const sentence = fc.constantFrom(
  'Go on?',
  'Is it "good": yes & no',
  '100% of <b>it</b> # all',
  'Übergabe an das Netz',
  "- it's a list",
);
const retirement = fc.constant<NonNullable<WrittenPhase['retire']>>({
  predictors: { 'moving-average': `sha256:${'a'.repeat(64)}` },
  flags: ['old-model'],
  dashboards: ['old-charts'],
  alerts: ['InputsDrift'],
});

function roleNames(team: WrittenTeam): Role[] {
  const all: Role[] = ['ml-engineers', 'devops', 'qa', 'ux', 'product', 'data-engineers'];
  return all.filter((role) => team[role] !== undefined);
}

/** Without `held` where nothing holds the release. */
function thatComes(
  notify: NonNullable<WrittenPlan['notify']>,
  written: readonly WrittenPhase[],
): NonNullable<WrittenPlan['notify']> {
  const last_ramp = written.findLastIndex(({ ramp }) => ramp !== undefined);
  if (written.slice(0, last_ramp).some(({ hold }) => hold !== undefined)) return notify;
  return notify.flatMap(({ when, to }) => {
    const coming = when.filter((event) => event !== 'held');
    return coming.length === 0 ? [] : { when: coming, to };
  });
}

function trainingsBefore(written: readonly WrittenPhase[]): NonNullable<WrittenPlan['trainings']> {
  return stepsOf(written).map(({ name }, index) => ({ title: `Training ${index}`, before: name, days_before: index }));
}
