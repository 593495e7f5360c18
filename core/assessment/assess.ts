import type { Tariff } from '../judge/settings.ts';
import type { Success } from '../plan-types.ts';
import { type AccuracyReport, accuracyReport, errorRatio, scalesOf } from './accuracy.ts';
import { type Assumptions, type Priced, type Stated, tariffOf } from './assumptions.ts';
import { type Caveat, caveatsOf } from './caveats.ts';
import { type DailyRatio, dailyRatios } from './compare.ts';
import { type Answer, type Criterion, criteriaOf, outcomeOf } from './criteria.ts';
import type { DayFact } from './day-fact.ts';
import { driftEvents, type Range, windowOf } from './days.ts';
import { type EnergyReport, energyReport } from './energy.ts';
import { dailyCounts, type LatencyReport, latencyReport, p99 } from './latency.ts';
import { lessonsOf } from './lessons.ts';
import { type NextPlan, nextPlan } from './next-plan.ts';
import { type PeopleReport, peopleReport } from './people.ts';
import { type ResourceReport, resourceReport } from './resources.ts';
import { type RoiReport, roiReport } from './roi.ts';

/** `assessment.json`; assessment.schema.json describes it. */
export type Assessment = {
  schema: 1;
  outcome: Answer;
  sentence: string;
  /** Where the facts are from, and CPU, memory and failed calls, where those come from elsewhere. */
  from: { facts: string; resources: string | null };
  before: Range & { days_with_facts: number; releases: string[] };
  after: Range & { days_with_facts: number; releases: string[] };
  /** What the plan asks for. */
  success: Success;
  criteria: Criterion[];
  cannot_be_concluded: Caveat[];
  accuracy: AccuracyReport;
  latency: LatencyReport;
  energy: EnergyReport;
  resources: ResourceReport;
  roi: RoiReport;
  people: PeopleReport;
  forecasts: { before: Served | null; after: Served | null };
  drift_events: { before: number | null; after: number | null };
  assumptions: { name: string; value: string; source: string }[];
  lessons: string[];
  next: NextPlan;
  daily: { error_ratio: DailyRatio[]; latency_p99_ms: { day: string; window: 'before' | 'after'; ms: number }[] };
};

export type Served = { answered: number; failed: number | null; fallback: number };

export type AssessmentInput = {
  facts: readonly DayFact[];
  before: Range;
  after: Range;
  assumptions: Assumptions;
  /** The plan that was carried out, the tariff that holds in it and the success that it asks for. */
  plan: { text: string; file: string; tariff: Tariff; success: Success };
  from: Assessment['from'];
};

/** The strategy's success evaluation: two windows compared, with what cannot be concluded from them. */
export function assess(input: AssessmentInput): Assessment {
  const { facts, before: range_b, after: range_a, assumptions, plan } = input;
  const [before, after] = [windowOf(facts, range_b), windowOf(facts, range_a)];
  const accuracy = accuracyReport(before, after);
  const latency = latencyReport(before, after);
  const priced = tariffOf(assumptions, plan);
  const energy = energyReport(before, after, priced.tariff);
  const resources = resourceReport(before, after);
  const people = peopleReport(before, after);
  const { currency } = priced.tariff;
  const latency_tolerance = assumptions.latency_tolerance_ms ?? {
    value: plan.success.latency_ms,
    source: `success.latency of ${plan.file}`,
  };
  const has_latency = latency.p99_change_ms !== null;
  const caveats = caveatsOf({ success: plan.success, before, after, accuracy, people, resources, has_latency });
  const criteria = criteriaOf({
    ...{ success: plan.success, accuracy, latency, people, latency_tolerance, energy, priced },
    seen_in_training: caveats.some(({ rule }) => rule === 'trained-on-window'),
  });
  const outcome = outcomeOf(criteria);
  return {
    schema: 1,
    ...{ outcome, sentence: headline(outcome, criteria), from: input.from },
    before: shown(before),
    after: shown(after),
    success: plan.success,
    criteria,
    cannot_be_concluded: caveats,
    ...{ accuracy, latency, energy, resources, people },
    roi: roiReport({ assumptions, currency, energy, resources, after_days: energy.days }),
    forecasts: { before: servedIn(before), after: servedIn(after) },
    drift_events: { before: driftEvents(before.days), after: driftEvents(after.days) },
    assumptions: assumptionRows(assumptions, latency_tolerance, priced),
    lessons: lessonsOf({ accuracy, resources, people, criteria, caveats, after }),
    next: nextPlan({ plan, criteria, accuracy, latency_tolerance }),
    daily: {
      error_ratio: dailyRatios(before, after, errorRatio(scalesOf(before), 'mae')),
      latency_p99_ms: [
        ...dailyCounts(before).map(({ day, counts }) => ({ day, window: 'before' as const, ms: p99(counts) })),
        ...dailyCounts(after).map(({ day, counts }) => ({ day, window: 'after' as const, ms: p99(counts) })),
      ],
    },
  };
}

type Window = ReturnType<typeof windowOf>;

function headline(outcome: Answer, criteria: readonly Criterion[]): string {
  const said = (['met', 'not met', 'cannot be concluded'] as const).flatMap((answer) => {
    const titles = criteria
      .filter((criterion) => criterion.answer === answer)
      .map(({ title }) => started(title, 'lower'));
    return titles.length === 0 ? [] : [`${started(answer, 'upper')}: ${titles.join('; ')}.`];
  });
  const whole = {
    met: 'Every success criterion is met',
    'not met': 'The release misses what was asked of it',
    'cannot be concluded': 'Whether the release was a success cannot be concluded',
  };
  return [`${whole[outcome]}.`, ...said].join(' ');
}

/** A text with its first letter in the other case, as it stands within or at the start of a sentence. */
function started(text: string, letter: 'lower' | 'upper'): string {
  const first = text.slice(0, 1);
  return `${letter === 'lower' ? first.toLowerCase() : first.toUpperCase()}${text.slice(1)}`;
}

function shown({ from, to, days, releases }: Window) {
  return { from, to, days_with_facts: days.filter(({ serving }) => serving.length > 0).length, releases };
}

function servedIn({ days }: Window): Served | null {
  const counted = days
    .map(({ serving }) => serving.flatMap(({ forecasts }) => forecasts ?? []))
    .filter(({ length }) => length > 0);
  if (counted.length === 0) return null;
  const sum = (of: (served: Served) => number) => counted.flat().reduce((total, served) => total + of(served), 0);
  // The first arm of a release carries the failed calls of all; a day that has none recorded makes the sum unknown.
  const recorded = counted.every((day) => day.some(({ failed }) => failed !== null));
  return {
    answered: sum(({ answered }) => answered),
    failed: recorded ? sum(({ failed }) => failed ?? 0) : null,
    fallback: sum(({ fallback }) => fallback),
  };
}

function assumptionRows(assumptions: Assumptions, tolerance: Stated, priced: Priced) {
  const row = (name: string, stated: Stated | undefined, unit: string) =>
    stated === undefined
      ? { name, value: 'unknown', source: 'nobody states it' }
      : { name, value: `${stated.value} ${unit}`, source: stated.source };
  const { tariff, source } = priced;
  const { currency } = tariff;
  const price = (of: 'shortfall_per_mwh' | 'surplus_per_mwh') => ({ value: tariff[of], source });
  return [
    row('extra cost of energy bought too late', price('shortfall_per_mwh'), `${currency}/MWh`),
    row('loss on energy bought in vain', price('surplus_per_mwh'), `${currency}/MWh`),
    row('price of a CPU hour', assumptions.cpu_hour, currency),
    row('price of a GB of memory for an hour', assumptions.memory_gb_hour, currency),
    row('price of a GPU hour', assumptions.gpu_hour, currency),
    row('one-off cost', assumptions.one_off_cost, currency),
    ...(assumptions.other_benefits ?? []).map((benefit) => row(benefit.name, benefit, currency)),
    row('tolerated increase of the p99 latency', tolerance, 'ms'),
  ];
}
