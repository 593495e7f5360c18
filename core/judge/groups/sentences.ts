import type { AssignmentState } from './assignment.ts';
import { EXCEEDANCE, type LatencyState } from './latency.ts';
import { chi2P, SAMPLE_RATIO } from './sample-ratio.ts';

/** For people who never saw a formula. */
export function ratioSentence(
  { stations, canary }: { stations: number; canary: number },
  { hours, moves_back }: AssignmentState,
  hours_lost_chi2: number | null,
): string {
  if (stations === 0) return 'No station has been answered yet.';
  const share = `The candidate answers ${canary} of ${stations} stations (${((100 * canary) / stations).toFixed(1)} %).`;
  const back = moves_back === 0 ? '' : ` ${moves_back} times a station went back to the stable version.`;
  if (hours_lost_chi2 === null || hours === 0) return `${share}${back}`;
  const lost =
    hours_lost_chi2 > SAMPLE_RATIO.chi2
      ? `one group misses station-hours that the other does not (${probability(chi2P(hours_lost_chi2))}): compare nothing between them before that is explained`
      : 'both groups are answered in as many of their hours';
  return `${share} Over the ${hours} hours since a station last changed hands, ${lost}.${back}`;
}

/** `chi2P` is a difference from 1, of which little is left below LEAST_P. */
function probability(p: number): string {
  return p < LEAST_P ? `p < ${LEAST_P}` : `p = ${p.toPrecision(2)}`;
}

const LEAST_P = 1e-12;

export function latencySentence({ bets, exceeded, stable_ms, e }: LatencyState): string {
  if (bets === 0 || exceeded === null || stable_ms === null)
    return 'Too few calls were answered yet to know anything of the latency.';
  const threshold = `${Math.round(stable_ms + EXCEEDANCE.slack_ms)} ms`;
  const seen = `Of the candidate's answers that the last bet was about, ${(100 * exceeded).toFixed(1)} % took longer than ${threshold}, which is ${EXCEEDANCE.slack_ms} ms more than nine in ten of the stable's take`;
  return e >= 1 / EXCEEDANCE.alpha
    ? `${seen}; that it is too slow is proven (evidence ${e.toPrecision(3)}, needed ${1 / EXCEEDANCE.alpha}).`
    : `${seen}; that it is too slow is not proven (evidence ${e.toPrecision(3)} of ${1 / EXCEEDANCE.alpha}).`;
}
