import { normalCdf } from '../distributions.ts';
import { thetas } from '../metrics.ts';
import { leastFrom } from './bisect.ts';
import { abortTheta, armAlpha, GUARD, marginFactor } from './guard.ts';
import { type LossSpread, type Shrinking, SPREAD_HOURS, SPREAD_LOSS_STEP } from './loss-spread.ts';

/** What decides how small a loss the guard can prove by the end of a phase. */
export type GuardedPhase = {
  /** All of the fleet: every station is forecast by both versions, whoever answers it. Null: not known, taken as more than can matter. */
  stations: number | null;
  /** Target hours judged since the release's first pair. */
  judged_hours: number;
  /** Arms of the release, which share alpha. */
  arms: number;
  /** Whether the plan accepts a small loss: the guard then aborts for what goes beyond 5 %. */
  accepted_loss: boolean;
};

/** What is called detected: four times of five. */
export const POWER = 0.8;

/** The strategy's rollback criterion, which no plan can set otherwise (core/plan-limits.ts). */
export const LOSS_LIMIT = Number(thetas.safe);

/** Errors of neighbouring hours resemble each other for about so long: over fewer hours a mean scatters less than its long-run variance says. */
const RESEMBLANCE_H = 48;

/** More than twice the stable's error is not asked about. */
const MOST_LOSS = 1;

/**
 * Probability that the guard aborts by the phase's end if every loss of the candidate is 1 + `loss` times what it would be at a tie. The mean of
 * D(0) after n hours is about normal around the loss with variance T/n, and the guard's margin about M e^N(0, scatter^2): so
 * Phi((loss - delta - M)/sqrt(T/n + (scatter M)^2)), M = sqrt(2.35 G) times the boundary at n. G and T, the long-run variance as the guard
 * estimates it and as it is, were measured (loss-spread.ts). It is the power of the last look alone: all looks together find a little
 * more. docs/judging-proof.md holds it against simulated releases.
 */
export function lossPower(loss: number, phase: GuardedPhase, spread: LossSpread): number {
  const { judged_hours: n, arms, accepted_loss } = phase;
  if (n < GUARD.min_hours) return 0;
  // (1+L)c - (1+theta)b is 1+theta times the D(0) of a smaller loss.
  const forgiven = 1 + Number(thetas[abortTheta(accepted_loss)]);
  const beyond = (1 + loss) / forgiven - 1;
  const of = (variances: LossSpread['guard']) => varianceAt(variances, beyond, phase.stations);
  const factor = marginFactor(n, { rho_sq: GUARD.rho_sq, alpha: armAlpha(arms), sides: 1 });
  const margin = Math.sqrt(GUARD.inflation * of(spread.guard)) * factor;
  const mean_sq = (of(spread.truth) * settled(n)) / settled(SPREAD_HOURS) / n;
  const deviation = Math.sqrt(mean_sq + (spread.scatter * margin) ** 2);
  return normalCdf((beyond - GUARD.delta / forgiven - margin) / deviation, 0, 1);
}

/** The least loss that the guard finds with probability POWER by the phase's end; null where it finds none below twice the error. */
export function detectableLoss(phase: GuardedPhase, spread: LossSpread): number | null {
  return leastFrom(0, MOST_LOSS, (loss) => lossPower(loss, phase, spread) >= POWER);
}

/** D(0) is linear in the loss, so that its variance is the parabola through three of them. */
function varianceAt([none, one, two]: LossSpread['guard'], loss: number, stations: number | null): number {
  const [y0, y1, y2] = [shrunk(none, stations), shrunk(one, stations), shrunk(two, stations)];
  const x = loss / SPREAD_LOSS_STEP;
  return y0 + x * (y1 - y0) + ((x * (x - 1)) / 2) * (y2 - 2 * y1 + y0);
}

/** Weather is common to all stations and does not average out; what is each one's own does. */
function shrunk([common, own]: Shrinking, stations: number | null): number {
  return common + (stations === null ? 0 : own / stations);
}

/** Share of the long-run variance that a mean over n hours has, of errors whose correlation falls off exponentially. */
function settled(n: number): number {
  return 1 - ((1 - Math.exp(-n / RESEMBLANCE_H)) * RESEMBLANCE_H) / n;
}
