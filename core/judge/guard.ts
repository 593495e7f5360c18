import type { thetas } from '../metrics.ts';

/** Constants of the anytime-valid guard (docs/judging.md); its PromQL twin takes them from here. */
export const GUARD = {
  /** Any fixed value is valid; this one is tight from a week on and wide on the first days (docs/judging-proof.md). */
  rho_sq: 0.02,
  /** One-sided, over all looks together; several arms of one release share it. */
  alpha: 0.01,
  /** Losses that are not proven above this are forgiven. */
  delta: 0.01,
  /** Widens the variance for what kappa, estimated from 28 days, does not know. */
  inflation: 2.35,
  /** Hours that the backtest's variance weighs as much as. */
  prior_hours: 96,
  /** Below this nothing is said. */
  min_hours: 24,
  /** Below this nothing good is said: a week of a model that errs by season says little, and only an abort is urgent. */
  min_hours_good: 240,
} as const;

export type GuardSums = { n: number; sum: number; sumsq: number };
export type GuardConstants = { sigma0_sq: number; kappa: number };
export type GuardLook = { mean: number; margin: number; lower: number; upper: number };
export type ThetaName = keyof typeof thetas;

/** The boundary of an asymptotic confidence sequence without its scale (Waudby-Smith et al., arXiv 2103.06476; one-sided with 2 alpha). */
export function marginFactor(n: number, options: { rho_sq: number; alpha: number; sides: 1 | 2 }): number {
  const { rho_sq, alpha, sides } = options;
  const spread = n * rho_sq + 1;
  const log = sides === 1 ? Math.log(1 + Math.sqrt(spread) / (2 * alpha)) : Math.log(Math.sqrt(spread) / alpha);
  return Math.sqrt(((2 * spread) / (n * n * rho_sq)) * log);
}

/** The alpha of each of a release's arms: that any of them is aborted in error stays within GUARD.alpha (Bonferroni). */
export function armAlpha(arms: number): number {
  return GUARD.alpha / arms;
}

/** Mean of D(theta) so far and its margin, valid at every look; null before GUARD.min_hours. */
export function guardAt(sums: GuardSums, constants: GuardConstants, alpha: number = GUARD.alpha): GuardLook | null {
  const { n, sum, sumsq } = sums;
  if (n < GUARD.min_hours) return null;
  const mean = sum / n;
  const running_sq = Math.max((sumsq - (sum * sum) / n) / (n - 1), 0);
  const sigma_sq = (GUARD.prior_hours * constants.sigma0_sq + n * running_sq) / (GUARD.prior_hours + n);
  const scale = Math.sqrt(GUARD.inflation * constants.kappa * sigma_sq);
  const margin = scale * marginFactor(n, { rho_sq: GUARD.rho_sq, alpha, sides: 1 });
  return { mean, margin, lower: mean - margin, upper: mean + margin };
}

export type GuardVerdict = 'abort' | 'win' | 'safe' | 'continue';

/** Whose lower bound aborts: where the plan accepts a proven small loss, that of the loss beyond 5 %. */
export function abortTheta(accepted_loss: boolean): ThetaName {
  return accepted_loss ? 'safe' : 'abort';
}

/** What the guard says of the three thetas' looks after `hours` judged hours; null looks decide nothing. */
export function guardVerdict(
  looks: Record<ThetaName, GuardLook | null>,
  hours: number,
  accepted_loss = false,
): GuardVerdict {
  if (isLoss(looks[abortTheta(accepted_loss)])) return 'abort';
  if (hours < GUARD.min_hours_good) return 'continue';
  if (looks.win !== null && looks.win.upper < -GUARD.delta) return 'win';
  if (looks.safe !== null && looks.safe.upper < -GUARD.delta) return 'safe';
  return 'continue';
}

/** Whether the look proves more loss than its theta allows. */
export function isLoss(look: GuardLook | null): boolean {
  return look !== null && look.lower > GUARD.delta;
}
