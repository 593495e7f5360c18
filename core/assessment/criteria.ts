import type { Success } from '../plan-types.ts';
import type { AccuracyReport } from './accuracy.ts';
import type { Priced, Stated } from './assumptions.ts';
import type { Comparison } from './compare.ts';
import type { EnergyReport } from './energy.ts';
import { atMost } from './estimate.ts';
import type { LatencyReport } from './latency.ts';
import { leastScores, NEUTRAL_SCORE, type PeopleReport } from './people.ts';
import { type Amount, between, lower, moneyIn, plural, signedMs } from './words.ts';

export type Answer = 'met' | 'not met' | 'cannot be concluded';

/** One success criterion of the plan, answered. */
export type Criterion = {
  name: 'accuracy' | 'latency' | 'user-relevant' | 'feedback';
  title: string;
  answer: Answer;
  sentence: string;
};

/** Days of each window that must be there before anything is concluded. */
export const LEAST_CONCLUSIVE_DAYS = 28;

export type Evidence = {
  /** What the plan asks for. */
  success: Success;
  accuracy: AccuracyReport;
  latency: LatencyReport;
  energy: EnergyReport;
  priced: Priced;
  people: PeopleReport;
  latency_tolerance: Stated;
  /** The later release was trained on days of the after window: it errs less there than it ever will again. */
  seen_in_training: boolean;
};

export function criteriaOf(evidence: Evidence): Criterion[] {
  return [accuracy(evidence), latency(evidence), userRelevant(evidence), feedback(evidence)];
}

/** Met when all are; one proven miss outweighs what is open; a missing answer never passes. */
export function outcomeOf(criteria: readonly Criterion[]): Answer {
  if (criteria.some(({ answer }) => answer === 'not met')) return 'not met';
  return criteria.every(({ answer }) => answer === 'met') ? 'met' : 'cannot be concluded';
}

const answers = { yes: 'met', no: 'not met', open: 'cannot be concluded' } as const satisfies Record<string, Answer>;

function accuracy({ success, accuracy: { mae, mae_kw }, seen_in_training }: Evidence): Criterion {
  const { accuracy_percent: goal } = success;
  const of = { name: 'accuracy', title: `Error at least ${goal} % lower` } as const;
  if (mae === null) return open(of, notCompared('error', mae_kw));
  return judged(of, mae, { goal, what: 'The mean absolute error', seen_in_training });
}

function userRelevant({ success, energy, priced, seen_in_training }: Evidence): Criterion {
  const { outcome_percent: goal } = success;
  const of = { name: 'user-relevant', title: `Energy cost of forecast errors at least ${goal} % lower` } as const;
  const { change, saved, days, cost } = energy;
  if (change === null) return open(of, notCompared('energy cost', cost));
  const what = 'What forecast errors cost';
  const found = judged(of, change, { goal, what, seen_in_training });
  if (saved === null) return found;
  return {
    ...found,
    sentence: `${found.sentence} Over ${plural(days, 'day')} that is ${savedSentence(saved, priced)}`,
  };
}

/** Why two windows have no ratio: one has no numbers, or they have nothing to stand against. */
function notCompared(what: string, { before, after }: { before: number | null; after: number | null }): string {
  if (before === null || after === null) return `No ${what} was recorded in both windows.`;
  return `The ${what} of both windows was recorded, and on no day can it be compared: beside it there was neither the control in both windows nor the other release, or one of the two was zero.`;
}

/** Money, with its interval and what it rests on. */
function savedSentence(saved: Amount, { tariff, source }: Priced): string {
  const { currency, shortfall_per_mwh, surplus_per_mwh } = tariff;
  const money = moneyIn(currency, saved);
  const side = (value: number) => `${money(Math.abs(value))} ${value < 0 ? 'lost' : 'saved'}`;
  const { low, high } = saved;
  const bounds = low === null || high === null ? '' : ` (between ${side(low)} and ${side(high)})`;
  return `${side(saved.value)}${bounds}, if every hour's energy is bought a day ahead as forecast and errors cost ${shortfall_per_mwh} ${currency} for each MWh short and ${surplus_per_mwh} ${currency} for each left over (${source}).`;
}

/** `goal`: so many per cent lower at least. */
type Question = { goal: number; what: string; seen_in_training: boolean };

function judged(
  of: Pick<Criterion, 'name' | 'title'>,
  comparison: Comparison,
  { goal: percent, what, seen_in_training }: Question,
): Criterion {
  const { change, method, days } = comparison;
  const how =
    method === 'paired'
      ? `both releases forecast the same ${plural(days.after, 'day')}`
      : `each against the control, ${plural(days.before, 'day')} before and ${days.after} after`;
  const sentence = `${what} was ${lower(change.value)} (${between(change)}; ${how})`;
  const goal = `${percent} % lower`;
  const fewest = method === 'paired' ? days.after : Math.min(days.before, days.after);
  if (fewest < LEAST_CONCLUSIVE_DAYS)
    return open(of, `${sentence}: ${LEAST_CONCLUSIVE_DAYS} days are needed before anything is concluded.`);
  if (seen_in_training)
    return open(of, `${sentence}: the release was trained on some of these days, which prove nothing.`);
  const answer = answers[atMost(change, -percent / 100)];
  const meaning = {
    met: `at least ${goal} is proven`,
    'not met': `${goal} is ruled out`,
    'cannot be concluded': `${goal} is neither proven nor ruled out`,
  };
  return { ...of, answer, sentence: `${sentence}: ${meaning[answer]}.` };
}

function latency({ latency: report, latency_tolerance }: Evidence): Criterion {
  const of = { name: 'latency', title: 'No significant increase of latency' } as const;
  const { p99_change_ms: change, days } = report;
  if (change === null) return open(of, 'No latency was recorded in both windows.');
  const bounds =
    change.low === null || change.high === null ? '' : ` (${signedMs(change.low)} to ${signedMs(change.high)})`;
  const sentence = `The p99 latency of a day changed by ${signedMs(change.value)}${bounds}`;
  if (Math.min(days.before, days.after) < LEAST_CONCLUSIVE_DAYS)
    return open(
      of,
      `${sentence}, recorded on ${days.before} days before and ${days.after} after: ${LEAST_CONCLUSIVE_DAYS} of each are needed.`,
    );
  const tolerance = `${latency_tolerance.value} ms`;
  const answer = answers[atMost(change, latency_tolerance.value)];
  const meaning = {
    met: `an increase of more than ${tolerance} is ruled out`,
    'not met': `an increase of more than ${tolerance} is proven`,
    'cannot be concluded': `an increase of more than ${tolerance} is neither proven nor ruled out`,
  };
  return { ...of, answer, sentence: `${sentence}: ${meaning[answer]}.` };
}

function feedback({ success, people }: Evidence): Criterion {
  const of = { name: 'feedback', title: feedbackTitle(success) } as const;
  const opinion = people.feedback.after;
  if (opinion === null) return open(of, 'Nobody gave feedback in the after window.');
  const { scores, mean, low, high } = opinion;
  const mean_text = `The mean of ${plural(scores, 'score')} was ${mean.toFixed(2)} of 5`;
  const least = leastScores(success);
  if (scores < least || low === null || high === null) return open(of, `${mean_text}: ${least} scores are needed.`);
  const sentence = `${mean_text} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  const [answer, meaning] =
    success.feedback === null ? positive({ low, high }) : atLeast(success.feedback.score, { low, high });
  return { ...of, answer: answers[answer], sentence: `${sentence}: ${meaning}.` };
}

function feedbackTitle({ feedback }: Success): string {
  return feedback === null ? 'Positive feedback' : `Feedback of at least ${feedback.score} of 5`;
}

type Bounds = { low: number; high: number };

function positive({ low, high }: Bounds): ['yes' | 'no' | 'open', string] {
  if (low > NEUTRAL_SCORE) return ['yes', 'positive'];
  return high <= NEUTRAL_SCORE ? ['no', 'not positive'] : ['open', `not proven above the middle, ${NEUTRAL_SCORE}`];
}

function atLeast(score: number, { low, high }: Bounds): ['yes' | 'no' | 'open', string] {
  if (low >= score) return ['yes', `at least ${score} is proven`];
  return high < score ? ['no', `${score} is ruled out`] : ['open', `${score} is neither proven nor ruled out`];
}

function open(of: Pick<Criterion, 'name' | 'title'>, sentence: string): Criterion {
  return { ...of, answer: 'cannot be concluded', sentence };
}
