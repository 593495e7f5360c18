import type { DayFact } from '../core/assessment/day-fact.ts';
import { dayOf, type EventDay } from './event-repository.ts';
import type { Repository } from './repository.ts';

type Outcomes = Pick<DayFact, 'engagement' | 'feedback' | 'drift_events'>;

/**
 * What users did and said on a day about a release's forecasts, and how often its error drifted; of the control: how often the inputs did. What
 * nobody did, and what was not watched, is null: a day without answers looks like one on which nobody was asked.
 */
export async function outcomesOfDay(
  repository: Repository,
  day: string,
): Promise<(of: { release: string; arm: string }) => Outcomes> {
  const [events, drift] = [await repository.events.ofDay(dayOf(`${day}T00:00:00Z`)), await repository.driftOf(day)];
  return ({ release, arm }) => {
    const same = (one: { release: string; arm: string }) => one.release === release && one.arm === arm;
    return { ...eventsOf(events.find(same)), drift_events: drift.find(same)?.events ?? null };
  };
}

function eventsOf(events: EventDay | undefined): Pick<Outcomes, 'engagement' | 'feedback'> {
  if (events === undefined) return { engagement: null, feedback: null };
  const { shown, followed, scores, score_sum: sum, score_sq_sum: sum_sq, texts } = events;
  return {
    engagement: shown + followed === 0 ? null : { shown, followed },
    feedback: scores === 0 || sum_sq === null ? null : { scores, sum, sum_sq, texts },
  };
}
