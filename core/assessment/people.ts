import { tQuantile } from '../distributions.ts';
import type { Success } from '../plan-types.ts';
import type { DayFact } from './day-fact.ts';
import { servedAlone, type Window } from './days.ts';
import { dayMean, difference, type Interval, LEVEL } from './estimate.ts';

/** Scores from which a mean has an interval. */
const LEAST_SCORES = 30;
/** The middle of 1 to 5: where a plan asks for no score, feedback is positive above it. */
export const NEUTRAL_SCORE = 3;
const MOST_TEXTS = 12;

/** Scores from which a mean is judged: as many as the plan asks for, and never fewer than an interval needs. */
export function leastScores({ feedback }: Pick<Success, 'feedback'>): number {
  return Math.max(LEAST_SCORES, feedback?.answers ?? 0);
}

export type Opinion = { scores: number; mean: number; low: number | null; high: number | null };

export type PeopleReport = {
  feedback: { before: Opinion | null; after: Opinion | null; texts: string[] };
  /** `change`: of the share followed, after less before, by whole days; nothing stood beside it, so seasons are in it. */
  engagement: { before: Engagement | null; after: Engagement | null; change: Interval | null };
};

export type Engagement = { shown: number; followed: number };

export function peopleReport(before: Window, after: Window): PeopleReport {
  return {
    feedback: {
      before: opinionOf(before),
      after: opinionOf(after),
      texts: serving(after)
        .flatMap(({ feedback }) => feedback?.texts ?? [])
        .slice(-MOST_TEXTS),
    },
    engagement: {
      before: engagementOf(before),
      after: engagementOf(after),
      change: engagementChange(before, after),
    },
  };
}

/** While two releases serve, people answer both: such days say nothing of one. */
function serving({ days }: Window): DayFact[] {
  return days.flatMap(servedAlone);
}

/** Mean of all scores; the interval takes them for independent, which is the best that can be said without knowing who gave them. */
function opinionOf(window: Window): Opinion | null {
  const recorded = serving(window).flatMap(({ feedback }) => feedback ?? []);
  const scores = recorded.reduce((n, feedback) => n + feedback.scores, 0);
  if (scores === 0) return null;
  const mean = recorded.reduce((sum, feedback) => sum + feedback.sum, 0) / scores;
  if (scores < LEAST_SCORES) return { scores, mean, low: null, high: null };
  const sum_sq = recorded.reduce((sum, feedback) => sum + feedback.sum_sq, 0);
  const variance = Math.max((sum_sq - scores * mean * mean) / (scores - 1), 0);
  const margin = tQuantile(1 - (1 - LEVEL) / 2, scores - 1) * Math.sqrt(variance / scores);
  return { scores, mean, low: mean - margin, high: mean + margin };
}

function engagementOf(window: Window): Engagement | null {
  const recorded = serving(window).flatMap(({ engagement }) => engagement ?? []);
  const shown = recorded.reduce((sum, day) => sum + day.shown, 0);
  return shown === 0 ? null : { shown, followed: recorded.reduce((sum, day) => sum + day.followed, 0) };
}

function engagementChange(before: Window, after: Window): Interval | null {
  const [b, a] = [before, after].map((window) => dayMean(dailyShares(window)));
  return b == null || a == null ? null : difference(a, b);
}

function dailyShares({ days }: Window): number[] {
  return days.flatMap((day) => {
    const recorded = servedAlone(day).flatMap(({ engagement }) => engagement ?? []);
    const shown = recorded.reduce((sum, { shown }) => sum + shown, 0);
    return shown === 0 ? [] : [recorded.reduce((sum, { followed }) => sum + followed, 0) / shown];
  });
}
