import { type CostSums, savedCost } from '../core/business/cost.ts';
import { engagement, meanScore, outcomesBy, type StationEvents, totalEvents } from '../core/business/events.ts';
import { costSentence, groupSentence } from '../core/business/sentences.ts';
import { compareGroups, type GroupLook } from '../core/judge/groups/compare.ts';
import { latencySentence, ratioSentence } from '../core/judge/groups/sentences.ts';
import type { Tariff } from '../core/judge/settings.ts';
import type { Answers } from './answers.ts';
import type { Events } from './events.ts';
import { answeredNow, hoursLost } from './groups.ts';
import type { History } from './history.ts';
import type { Session } from './session.ts';

export type OutcomeSources = { answers: Answers; events: Events; tariff: Tariff };
export type OutcomeParts = OutcomeSources & { history: History; now_h: number };

/** What one arm means for users and stations, as metrics show it. */
export type Outcomes = {
  /** Stations answered of late, by anyone and by the candidate. */
  answered: { stations: number; canary: number };
  hours_lost_chi2: number | null;
  /** Null before the first bet. */
  latency_e: number | null;
  cost: CostSums & { saved: number; saved_share: number | null };
  events: StationEvents;
};

export function outcomesOf(session: Session, { answers, events, history, now_h }: OutcomeParts): Outcomes {
  const { cost, groups } = session.state;
  const { amount: saved, share: saved_share } = savedCost(cost);
  return {
    answered: answeredNow(session, answers, history, now_h),
    hours_lost_chi2: hoursLost(session),
    latency_e: groups.latency.bets === 0 ? null : groups.latency.e,
    cost: { ...cost, saved, saved_share },
    events: totalEvents(events.ofArm(session.key.arm)),
  };
}

/** The same for people: each with a sentence. */
export function outcomeStatus(session: Session, parts: OutcomeParts) {
  const { answered, hours_lost_chi2, cost, events } = outcomesOf(session, parts);
  const stations = parts.events.ofArm(session.key.arm);
  const compared = (measure: Parameters<typeof outcomesBy>[0]): GroupLook | null =>
    compareGroups(outcomesBy(measure, stations));
  const looks = { engagement: compared(engagement), feedback: compared(meanScore) };
  const { assignment, latency } = session.state.groups;
  return {
    cost: { ...cost, currency: parts.tariff.currency, sentence: costSentence(cost, parts.tariff) },
    engagement: { look: looks.engagement, sentence: groupSentence('engagement', events, looks.engagement) },
    feedback: { look: looks.feedback, sentence: groupSentence('feedback', events, looks.feedback) },
    events,
    sample_ratio: { ...answered, hours_lost_chi2, sentence: ratioSentence(answered, assignment, hours_lost_chi2) },
    latency: { e: latency.e, bets: latency.bets, sentence: latencySentence(latency) },
  };
}
