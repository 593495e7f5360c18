import type { Group, StationOutcome } from '../judge/groups/compare.ts';

export const eventKinds = ['recommendation-shown', 'recommendation-followed', 'feedback'] as const;

/** What a user did or said about what a forecast led to. Key: event_id. */
export type BusinessEvent = {
  event_id: string;
  station_id: string;
  /** When it happened, ISO 8601 UTC, in the observations' time. */
  time: string;
  /** The release and arm of the forecast that the user saw. */
  release: string;
  arm: string;
  kind: (typeof eventKinds)[number];
  /** Of feedback, and only of it: 1 (bad) to 5 (good). */
  score?: number;
  text?: string;
};

/** Body of `POST /v1/events` on the scorer. */
export type EventBatch = { events: BusinessEvent[] };

export const EVENTS = {
  ...{ max_batch: 1000, max_text: 1000, least_score: 1, most_score: 5 },
  /** Of a fleet on one day, for each of its stations: their ids are kept, and what is kept has a bound. */
  max_per_station_day: 1000,
} as const;

export type EventCounts = { shown: number; followed: number; scores: number; score_sum: number };

/** One station's events: before the candidate answered anyone, and since, by who made the forecast. */
export type StationEvents = Record<Group | 'before', EventCounts>;

export function noEvents(): EventCounts {
  return { shown: 0, followed: 0, scores: 0, score_sum: 0 };
}

export function noStationEvents(): StationEvents {
  return { before: noEvents(), control: noEvents(), canary: noEvents() };
}

/** What is wrong with an event that its shape does not show, as "field: what"; null when nothing is. */
export function eventFault({ kind, score, text }: BusinessEvent): string | null {
  if (kind === 'feedback' && score === undefined)
    return `score: feedback has none; give ${EVENTS.least_score} to ${EVENTS.most_score}`;
  if (kind !== 'feedback' && score !== undefined) return `score: a ${kind} has none; leave it out`;
  if (kind !== 'feedback' && text !== undefined) return `text: a ${kind} has none; leave it out`;
  return null;
}

export function countsOf({ kind, score }: Pick<BusinessEvent, 'kind' | 'score'>): EventCounts {
  return {
    shown: kind === 'recommendation-shown' ? 1 : 0,
    followed: kind === 'recommendation-followed' ? 1 : 0,
    scores: score === undefined ? 0 : 1,
    score_sum: score ?? 0,
  };
}

export function addEvents(into: EventCounts, { shown, followed, scores, score_sum }: EventCounts): void {
  into.shown += shown;
  into.followed += followed;
  into.scores += scores;
  into.score_sum += score_sum;
}

/** Share of shown recommendations that were followed; NaN while none was shown. */
export function engagement({ shown, followed }: EventCounts): number {
  return followed / shown;
}

/** Mean score; NaN while nobody gave one. */
export function meanScore({ scores, score_sum }: EventCounts): number {
  return score_sum / scores;
}

/**
 * Outcomes to compare: a station belongs to the canary once a forecast of the candidate led to anything there, and what the stable led to
 * there meanwhile is left out. Stations without both a past and a present have no outcome.
 */
export function outcomesBy(
  measure: (counts: EventCounts) => number,
  stations: Iterable<StationEvents>,
): Record<Group, StationOutcome[]> {
  const outcomes: Record<Group, StationOutcome[]> = { canary: [], control: [] };
  for (const { before, canary, control } of stations) {
    const group = canary.shown + canary.followed + canary.scores > 0 ? 'canary' : 'control';
    const outcome = { before: measure(before), since: measure(group === 'canary' ? canary : control) };
    if (Number.isFinite(outcome.before) && Number.isFinite(outcome.since)) outcomes[group].push(outcome);
  }
  return outcomes;
}

/** All stations together. */
export function totalEvents(stations: Iterable<StationEvents>): StationEvents {
  const total = noStationEvents();
  for (const station of stations)
    for (const group of ['before', 'control', 'canary'] as const) addEvents(total[group], station[group]);
  return total;
}
