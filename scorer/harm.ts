import { type GuardLook, guardAt, guardVerdict, type ThetaName } from '../core/judge/guard.ts';
import { guardSentence } from '../core/judge/guard-sentence.ts';
import { forThetas } from '../core/judge/theta.ts';
import type { Session } from './session.ts';
import type { NewSwitch } from './switch-repository.ts';

/** `alpha`: the arm's share of it. It is allotted at the start: what an arm that is off does not need goes to nobody. */
export type GuardParts = { alpha: number; accepted_loss: boolean };

/** Who moves the switch of an arm that is proven harmful. */
const SCORER = 'scorer';

/** What the guard says of an arm, with its numbers. */
export function guardOf(session: Session, { alpha, accepted_loss }: GuardParts) {
  const { hours } = session.state.sums;
  const looks = forThetas((_theta, name): GuardLook | null => lookAt(session, name, alpha));
  const verdict = guardVerdict(looks, hours, accepted_loss);
  return { verdict, sentence: guardSentence({ verdict, hours, looks, alpha, accepted_loss }), looks };
}

/** Why an arm is proven harmful, by its backtest or by the guard now; null: it is not. */
export function harmOf(session: Session, parts: GuardParts): string | null {
  if (session.backtest?.verdict === 'abort') return session.backtest.sentence;
  const { verdict, sentence } = guardOf(session, parts);
  return verdict === 'abort' ? sentence : null;
}

/**
 * The switches that drafts move: an arm beside the default one goes off with the first proof of its harm, once. Whoever switches it on again
 * takes the release with it; and where the default arm harms there is nothing left to answer, so the gates abort the release.
 */
export function switchedOff(drafts: readonly Session[], before: ReadonlyMap<string, Session>): NewSwitch[] {
  const [default_arm] = before.keys();
  return drafts.flatMap(({ key: { release, arm }, state: { harm, last_issue_h } }) => {
    if (harm === null || arm === default_arm || before.get(arm)?.state.harm !== null) return [];
    return [{ release, arm, off: true, who: SCORER, why: harm.sentence, settled_h: last_issue_h }];
  });
}

function lookAt({ backtest, state: { sums } }: Session, name: ThetaName, alpha: number): GuardLook | null {
  const constants = backtest?.theta[name].guard ?? null;
  return constants === null ? null : guardAt({ n: sums.hours, ...sums.theta[name] }, constants, alpha);
}
