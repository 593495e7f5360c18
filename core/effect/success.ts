import { leastScores, NEUTRAL_SCORE } from '../assessment/people.ts';
import type { Success } from '../plan-types.ts';
import type { Effect, PlanChange } from './change.ts';

/** What the assessment will call a success. No release is promoted or taken back by it. */
export function successEffects({ before: { success: was }, after: { success: is } }: PlanChange): Effect[] {
  const feedback = { was: feedbackOf(was), is: feedbackOf(is) };
  return [
    ...moved(
      was.accuracy_percent - is.accuracy_percent,
      'a gain in accuracy of',
      `${is.accuracy_percent} %`,
      `${was.accuracy_percent} %`,
    ),
    ...moved(
      was.outcome_percent - is.outcome_percent,
      'a gain for users of',
      `${is.outcome_percent} %`,
      `${was.outcome_percent} %`,
    ),
    ...moved(
      is.latency_ms - was.latency_ms,
      'a p99 latency above the stable of at most',
      `${is.latency_ms} ms`,
      `${was.latency_ms} ms`,
    ),
    ...moved(feedback.was.score - feedback.is.score, 'a mean score of', feedback.is.told, feedback.was.told),
    ...moved(
      feedback.was.answers - feedback.is.answers,
      'opinions of at least',
      `${feedback.is.answers} people`,
      `${feedback.was.answers} people`,
    ),
  ];
}

/** `ease`: above 0 where less is asked than before. */
function moved(ease: number, what: string, is: string, was: string): Effect[] {
  if (ease === 0) return [];
  const needs = `A success needs ${what} ${is} instead of ${was}`;
  return ease > 0
    ? [{ rule: 'loosens-success', severity: 'warning', sentence: `${needs}: less is called one.` }]
    : [{ rule: 'tightens-success', severity: 'notice', sentence: `${needs}: it takes more to be called one.` }];
}

/** A plan that names no score asks for one above the middle, from as many answers as an interval needs. */
function feedbackOf({ feedback }: Success): { score: number; answers: number; told: string } {
  if (feedback === null)
    return { score: NEUTRAL_SCORE, answers: leastScores({ feedback }), told: `above ${NEUTRAL_SCORE}` };
  return { ...feedback, told: `at least ${feedback.score}` };
}
