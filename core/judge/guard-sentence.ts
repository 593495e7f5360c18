import { change, interval, meaning, percent } from './backtest-sentence.ts';
import { GUARD, type GuardLook, type GuardVerdict, type ThetaName } from './guard.ts';
import { thetaValue } from './theta.ts';

/** What the guard says after n judged hours; null looks: it cannot say anything yet. */
export type GuardTold = {
  verdict: GuardVerdict;
  hours: number;
  looks: Record<ThetaName, GuardLook | null>;
  /** Of the looks' margins: of one arm among several it is less than GUARD.alpha. */
  alpha?: number;
};

/** The guard's verdict in a sentence with its numbers, for people who never saw a formula. */
export function guardSentence({ verdict, hours, looks, alpha = GUARD.alpha }: GuardTold): string {
  const { abort, safe, win } = looks;
  if (hours < GUARD.min_hours)
    return `The live guard has seen ${hours} judged hours of the ${GUARD.min_hours} that it needs before it says anything.`;
  if (abort === null || safe === null || win === null)
    return `After ${hours} judged hours the live guard says nothing: it has no history to take its scales from.`;
  const stable = stableMean(abort, safe);
  if (!(stable > 0)) return `After ${hours} judged hours, in which the stable version made no error: ${told(verdict)}.`;
  const at = (bound: number, theta: ThetaName) => thetaValue(theta) + bound / stable;
  const bounds: Record<GuardVerdict, string> = {
    abort: `at least ${change(at(abort.lower, 'abort'))}`,
    win: `at least ${percent(at(win.upper, 'win'))} lower`,
    safe: atMost(at(safe.upper, 'safe')),
    continue: interval(at(abort.lower, 'abort'), at(abort.upper, 'abort')),
  };
  return `After ${hours} judged hours the candidate's live error is ${change(abort.mean / stable)} than the stable's (${bounds[verdict]}, at ${Number((100 * (1 - alpha)).toFixed(2))} % certainty): ${told(verdict)}.`;
}

function told(verdict: GuardVerdict): string {
  return verdict === 'continue' ? `${meaning[verdict]}, so the guard keeps looking` : meaning[verdict];
}

/** D(0) - D(theta) is theta times the stable's scaled loss, whatever the candidate's. */
function stableMean(abort: GuardLook, safe: GuardLook): number {
  return (abort.mean - safe.mean) / (thetaValue('safe') - thetaValue('abort'));
}

function atMost(ratio: number): string {
  return ratio < 0 ? `at least ${percent(ratio)} lower` : `at most ${percent(ratio)} higher`;
}
