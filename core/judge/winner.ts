import { certainty, change, percent } from './backtest-sentence.ts';
import type { GuardLook, ThetaName } from './guard.ts';
import { stableMean } from './guard-sentence.ts';

/** How one arm of a release stands. */
export type ArmStanding = {
  arm: string;
  /** Switched off: it answers nobody. */
  off: boolean;
  /** What proved it harmful, as a sentence; null: nothing did. */
  harm: string | null;
  /** Target hours judged live. */
  hours: number;
  looks: Record<ThetaName, GuardLook | null>;
};

export type Winner = {
  /** Null: nothing can be said yet. */
  arm: string | null;
  /** Whether its bound lies below every other arm's: then its lead is no chance. */
  proven: boolean;
  sentence: string;
};

type Contender = ArmStanding & { looks: Record<'abort' | 'safe', GuardLook> };

/**
 * Which arm wins: of those that are on and not harmful the one with the least error against the stable. Each arm's bounds hold at all looks and
 * for all arms together (they share alpha), so bounds that do not meet prove the order; that arms err alike in the same hours, which would
 * prove it sooner, is not used. Of equal arms the first: the default one, which changes nothing.
 */
export function winnerOf(standings: readonly ArmStanding[], alpha: number): Winner {
  const standing = standings.filter(({ off, harm }) => !off && harm === null);
  const contenders = standing.filter(isJudged);
  const unjudged = standing.filter((arm) => !isJudged(arm));
  const [first, ...others] = contenders.toSorted((a, b) => a.looks.abort.mean - b.looks.abort.mean);
  if (first === undefined)
    return { arm: null, proven: false, sentence: 'No arm leads yet: the guard has judged too few hours of each.' };
  const near = others.filter(({ looks }) => looks.abort.lower <= first.looks.abort.upper);
  const rivals = [...near, ...unjudged].map(({ arm }) => arm);
  const proven = rivals.length === 0;
  const open = proven ? '' : `; that it is better than ${told(rivals)} is not proven`;
  return {
    arm: first.arm,
    proven,
    sentence: `Arm ${first.arm} ${proven ? 'wins' : 'leads'}: over ${first.hours} judged hours ${finding(first, alpha)}${open}.`,
  };
}

function finding({ looks: { abort, safe } }: Contender, alpha: number): string {
  const stable = stableMean(abort, safe);
  if (!(stable > 0)) return 'the stable version made no error to compare with';
  const upper = abort.upper / stable;
  const bound = upper < 0 ? `at least ${percent(upper)} lower` : `at most ${percent(upper)} higher`;
  return `its error is ${change(abort.mean / stable)} than the stable's (${bound}, ${certainty(alpha)})`;
}

function isJudged(standing: ArmStanding): standing is Contender {
  const { abort, safe } = standing.looks;
  return abort !== null && safe !== null;
}

function told(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
