import type { Apart } from './cohort.ts';
import type { GuardedPhase } from './judge/loss-power.ts';

/** What decides how much a gate can see in one phase of a plan. */
export type JudgedPhase = GuardedPhase & {
  name: string;
  kind: 'shadow' | 'ramp';
  /** Share of the stations that the candidate answers. */
  weight: number;
  apart: Apart;
  /** Answers that the candidate gives in an hour, copies included, where every station asks once an hour; null where the fleet is not known. */
  answers_per_hour: number | null;
  /** Bets that the latency's proof of the smallest arm has made by the phase's end. */
  latency_bets: number | null;
  /** Hours that harm to the serving must last before it counts: half of the window that rates are taken over. */
  patience_h: number;
};

/** Answers that a serving gate's value is of. */
export function answersJudged({ answers_per_hour, patience_h }: JudgedPhase): number | null {
  return answers_per_hour === null ? null : answers_per_hour * patience_h;
}

/** What a gate detects that asks for more answers than there are: it is never good then, and a person is asked at the phase's end. */
export function tooFew({ patience_h }: JudgedPhase, least: number): string {
  return `nothing, and waits: fewer than ${least} answers in ${patience_h}h`;
}
