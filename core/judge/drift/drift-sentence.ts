import type { InputDetector, InputDriftState } from './input-drift.ts';
import type { LossDetector } from './loss-drift.ts';

export type DriftSide = 'stable' | 'candidate' | 'inputs';
export type DriftDetector = LossDetector | InputDetector;

/** Drifts that one detector has seen, the last at target hour `last_h`. */
export type SeenDrift = { side: DriftSide; detector: DriftDetector; events: number; last_h: number };

/** Both versions see one change on the same days: drifts less than a week apart are of one cause. */
const SAME_CAUSE_HOURS = 168;

/** Whether the candidate's error has drifted within the week to `now_h` and the stable's has not: then it is not the data that changed. */
export function candidateAlone(seen: readonly SeenDrift[], now_h: number): boolean {
  return recent(seen, 'candidate', now_h).length > 0 && recent(seen, 'stable', now_h).length === 0;
}

/** What a manager reads. */
export function driftSentence(seen: readonly SeenDrift[], inputs: InputDriftState, now_h: number): string {
  return `${lossSentence(seen, now_h)} ${inputSentence(seen, inputs, now_h)}`;
}

function lossSentence(seen: readonly SeenDrift[], now_h: number): string {
  const [candidate, stable] = [recent(seen, 'candidate', now_h), recent(seen, 'stable', now_h)];
  if (candidate.length === 0 && stable.length === 0) return "Neither version's error has drifted in the last week.";
  if (stable.length === 0)
    return `The candidate's error alone has drifted in the last week (${named(candidate)}): the stable version saw the same data and kept its error, so look at the candidate.`;
  if (candidate.length === 0)
    return `The stable version's error alone has drifted in the last week (${named(stable)}); the candidate's has not.`;
  return `The errors of both versions have drifted in the last week (candidate: ${named(candidate)}; stable: ${named(stable)}): look at the data first.`;
}

function inputSentence(seen: readonly SeenDrift[], { compared, looks }: InputDriftState, now_h: number): string {
  if (compared === 0) return 'Inputs could not be compared yet: that takes three weeks of readings.';
  const most = looks.ks.share > looks.psi.share ? looks.ks : looks.psi;
  const share = `${Math.round(100 * most.share)} % of ${compared} compared stations`;
  const names =
    most.stations.length > 0
      ? ` (${most.stations.slice(0, 5).join(', ')}${most.stations.length > 5 ? ', ...' : ''})`
      : '';
  const begun = recent(seen, 'inputs', now_h);
  const verdict =
    begun.length > 0
      ? `The inputs have drifted in the last week (${named(begun)})`
      : 'The inputs as a whole have not drifted';
  return `${verdict}: ${share} read differently this week than in the two weeks before${names}.`;
}

function recent(seen: readonly SeenDrift[], side: DriftSide, now_h: number): SeenDrift[] {
  return seen.filter((drift) => drift.side === side && now_h - drift.last_h < SAME_CAUSE_HOURS);
}

export const detectorNames: Record<DriftDetector, string> = {
  page_hinkley: 'Page-Hinkley',
  adwin: 'ADWIN',
  cusum: 'CUSUM',
  psi: 'PSI',
  ks: 'Kolmogorov-Smirnov',
};

function named(drifts: readonly SeenDrift[]): string {
  return drifts.map(({ detector }) => detectorNames[detector]).join(', ');
}
