import type { AccuracyReport } from './accuracy.ts';
import type { Caveat } from './caveats.ts';
import type { Criterion } from './criteria.ts';
import { driftEvents, type Window } from './days.ts';
import { daysNeeded, WORSE_STATION } from './next-plan.ts';
import type { PeopleReport } from './people.ts';
import type { ResourceReport } from './resources.ts';
import { lower, plural } from './words.ts';

type Evidence = {
  accuracy: AccuracyReport;
  resources: ResourceReport;
  people: PeopleReport;
  criteria: readonly Criterion[];
  caveats: readonly Caveat[];
  after: Window;
};

/** Share of forecasts above which the fallback is a lesson: the gate's own limit. */
const FALLBACK_SHARE = 0.01;

/** Two ways of comparing that differ by less than this say the same. */
const SEEN_GAP = 0.01;

/** Lessons learned, each with the numbers that teach it: a draft for people to cross out and add to. */
export function lessonsOf(evidence: Evidence): string[] {
  return [
    ...accuracyLessons(evidence.accuracy),
    ...resourceLessons(evidence.resources),
    ...peopleLessons(evidence.people),
    ...operationLessons(evidence.after),
    ...evidenceLessons(evidence),
  ];
}

function accuracyLessons({ mae, stations, lead_groups, arms }: AccuracyReport): string[] {
  const lessons: string[] = [];
  const worse = stations.filter(({ change }) => change > WORSE_STATION);
  if (worse.length > 0) {
    const worst = worse.slice(-3).reverse();
    const named = worst.map(({ station_id, change }) => `${station_id} (${lower(change)})`).join(', ');
    lessons.push(
      `At ${worse.length} of ${plural(stations.length, 'station')} the error rose by more than ${100 * WORSE_STATION} %, most at ${named}: the mean hides them.`,
    );
  }
  const leads = lead_groups.flatMap(({ leads, change }) => (change === null ? [] : [{ leads, change: change.value }]));
  const [best] = [...leads].sort((a, b) => a.change - b.change);
  const last = [...leads].sort((a, b) => b.change - a.change)[0];
  if (best !== undefined && last !== undefined && best.leads !== last.leads)
    lessons.push(
      `Leads ${best.leads} changed most (${lower(best.change)}), leads ${last.leads} least (${lower(last.change)}), in kW over all stations.`,
    );
  if (arms.length > 1) {
    const [first] = [...arms].sort((a, b) => a.against_control.value - b.against_control.value);
    if (first !== undefined)
      lessons.push(
        `Of ${arms.length} arms, ${first.arm} was best against the control (${lower(first.against_control.value)}).`,
      );
  }
  if (mae?.paired != null && mae.against_control !== null) {
    const { paired, against_control } = mae;
    if (Math.abs(paired.value - against_control.value) > SEEN_GAP)
      lessons.push(
        `On the same days the change was ${lower(paired.value)}, against the control over both windows ${lower(against_control.value)}: the gap is what comparing different days costs.`,
      );
  }
  return lessons;
}

function resourceLessons({ cpu_ms_per_forecast, before, after }: ResourceReport): string[] {
  const { before: was, after: is } = cpu_ms_per_forecast;
  if (was === null || is === null || was === 0) return [];
  const days = `recorded on ${plural(before?.days ?? 0, 'day')} before and ${after?.days ?? 0} after`;
  return [
    `A forecast took ${is.toFixed(3)} ms of CPU, ${(is / was).toFixed(1)} times as much as before (${was.toFixed(3)} ms; ${days}).`,
  ];
}

function peopleLessons({ engagement: { before, after } }: PeopleReport): string[] {
  if (before === null || after === null) return [];
  const share = ({ shown, followed }: { shown: number; followed: number }) =>
    `${((100 * followed) / shown).toFixed(1)} %`;
  return [`Recommendations were followed ${share(after)} of the time, ${share(before)} before.`];
}

function operationLessons({ days }: Window): string[] {
  const facts = days.flatMap(({ serving }) => serving);
  const lessons: string[] = [];
  const counted = facts.flatMap(({ forecasts }) => forecasts ?? []);
  const answered = counted.reduce((sum, day) => sum + day.answered, 0);
  const fallback = counted.reduce((sum, day) => sum + day.fallback, 0);
  if (answered > 0 && fallback / answered > FALLBACK_SHARE)
    lessons.push(
      `${((100 * fallback) / answered).toFixed(1)} % of the forecasts came from the fallback: what was judged is partly another model.`,
    );
  const drift = driftEvents(days) ?? 0;
  if (drift > 0)
    lessons.push(
      `${plural(drift, 'drift event')} in ${plural(days.length, 'day')} after: see which inputs moved before retraining on them.`,
    );
  return lessons;
}

function evidenceLessons({ accuracy: { mae }, criteria, caveats }: Evidence): string[] {
  const lessons: string[] = [];
  const undecided = criteria.find(({ name, answer }) => name === 'accuracy' && answer === 'cannot be concluded');
  if (undecided !== undefined && mae !== null && mae.change.low !== null && mae.change.high !== null) {
    const needed = daysNeeded(mae.change.high - mae.change.low, mae.days.after, 0.05);
    if (needed !== null && needed > mae.days.after)
      lessons.push(
        `An interval of ±5 % would have taken about ${needed} days at this spread; there were ${mae.days.after}.`,
      );
  }
  const missing = caveats.filter(({ rule }) => rule.startsWith('missing-'));
  if (missing.length > 0)
    lessons.push(
      `${plural(missing.length, 'thing')} went unrecorded (${missing.map(({ rule }) => rule.slice('missing-'.length)).join(', ')}): an answer that nobody recorded cannot pass.`,
    );
  return lessons;
}
