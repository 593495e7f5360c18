import { certainty, change, interval, meaning, percent } from './backtest-sentence.ts';
import { abortTheta, GUARD, type GuardLook, type GuardVerdict, guardVerdict, isLoss, type ThetaName } from './guard.ts';
import { thetaValue } from './theta.ts';

/** What the guard says after n judged hours; null looks: it cannot say anything yet. */
export type GuardTold = {
  verdict: GuardVerdict;
  hours: number;
  looks: Record<ThetaName, GuardLook | null>;
  /** Of the looks' margins: of one arm among several it is less than GUARD.alpha. */
  alpha?: number;
  /** Whether the plan accepts a proven small loss. */
  accepted_loss?: boolean;
  /** Why neither safe nor win may be said, as a clause. */
  held?: string | null;
};

/** The guard's verdict in a sentence with its numbers, for people who never saw a formula. */
export function guardSentence(guard: GuardTold): string {
  const { verdict, hours, looks, alpha = GUARD.alpha, accepted_loss = false, held = null } = guard;
  const { abort, safe, win } = looks;
  if (hours < GUARD.min_hours)
    return `The live guard has seen ${hours} judged hours of the ${GUARD.min_hours} that it needs before it says anything.`;
  if (abort === null || safe === null || win === null)
    return `After ${hours} judged hours the live guard says nothing: it has no history to take its scales from.`;
  const stable = stableMean(abort, safe);
  const early = hours < GUARD.min_hours_good && guardVerdict(looks, GUARD.min_hours_good, accepted_loss) !== 'continue';
  const finding =
    verdict === 'continue' && held !== null ? held : told(verdict, { accepted_loss, lost: isLoss(abort), early });
  if (!(stable > 0)) return `After ${hours} judged hours, in which the stable version made no error: ${finding}.`;
  const at = (bound: number, theta: ThetaName) => thetaValue(theta) + bound / stable;
  const aborts = abortTheta(accepted_loss);
  const bounds: Record<GuardVerdict, string> = {
    abort: `at least ${change(at({ abort, safe, win }[aborts].lower, aborts))}`,
    win: `at least ${percent(at(win.upper, 'win'))} lower`,
    safe: atMost(at(safe.upper, 'safe')),
    continue: interval(at(abort.lower, 'abort'), at(abort.upper, 'abort')),
  };
  return `After ${hours} judged hours the candidate's live error is ${change(abort.mean / stable)} than the stable's (${bounds[verdict]}, ${certainty(verdict === 'continue' ? 2 * alpha : alpha)}): ${finding}.`;
}

const too_early = `safe and win are said only from ${GUARD.min_hours_good} judged hours on`;

type Findings = { accepted_loss: boolean; lost: boolean; early: boolean };

/** `lost`: any loss is proven. One that is accepted neither aborts nor goes unsaid. `early`: only hours lack for a good word. */
function told(verdict: GuardVerdict, { accepted_loss, lost, early }: Findings): string {
  const accepted = accepted_loss && lost;
  if (verdict === 'abort')
    return accepted_loss ? 'it is proven worse by more than the 5 % that the plan accepts' : meaning.abort;
  if (verdict === 'safe')
    return accepted ? `it is proven worse, which the plan accepts: ${meaning.safe}` : meaning.safe;
  if (verdict === 'win') return meaning.win;
  const open = accepted ? 'it is proven worse, which the plan accepts below 5 %' : early ? too_early : meaning.continue;
  return `${open}, so the guard keeps looking`;
}

/** D(0) - D(theta) is theta times the stable's scaled loss, whatever the candidate's. */
export function stableMean(abort: GuardLook, safe: GuardLook): number {
  return (abort.mean - safe.mean) / (thetaValue('safe') - thetaValue('abort'));
}

function atMost(ratio: number): string {
  return ratio < 0 ? `at least ${percent(ratio)} lower` : `at most ${percent(ratio)} higher`;
}
