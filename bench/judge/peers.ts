import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { isHigh } from './mann-whitney.ts';
import { changed, type Path, type Sides } from './path.ts';
import { nothing, type Said, saidAt } from './trial.ts';

/** How others would abort the same release on the same hours; none of them knows the history. */
export const peers = {
  'error ratio > 1.05': thresholdDecision,
  'z-test, hourly': zTestDecision,
  'Mann-Whitney, daily': mannWhitneyDecision,
} as const satisfies Record<string, (live: Sides) => Said>;
export type Peer = keyof typeof peers;

export function peerSays(peer: Peer, path: Path, change: number): Said {
  return peers[peer](changed(path.live, change));
}

const DAY = 24;
const abortAt = (hour: number): Said => saidAt('abort', hour);

/** An Argo AnalysisTemplate: the ratio of 24 h error sums, measured hourly; the third failure aborts (failureLimit 2). */
function thresholdDecision({ candidate, stable }: Sides): Said {
  let [c, b, failures] = [0, 0, 0];
  for (let hour = 1; hour <= candidate.length; hour++) {
    c += (candidate[hour - 1] ?? 0) - (candidate[hour - 1 - DAY] ?? 0);
    b += (stable[hour - 1] ?? 0) - (stable[hour - 1 - DAY] ?? 0);
    if (hour >= DAY && c / b > 1.05 && ++failures === 3) return abortAt(hour);
  }
  return nothing;
}

/** A one-sided z-test of the mean paired difference at 1 %, looked at every hour. */
function zTestDecision({ candidate, stable }: Sides): Said {
  const critical = normalQuantile(0.99, 0, 1);
  let [sum, sumsq] = [0, 0];
  for (let hour = 1; hour <= candidate.length; hour++) {
    const d = (candidate[hour - 1] ?? 0) - (stable[hour - 1] ?? 0);
    sum += d;
    sumsq += d * d;
    const variance = (sumsq - (sum * sum) / hour) / (hour - 1);
    if (hour >= DAY && sum / hour > critical * Math.sqrt(variance / hour)) return abortAt(hour);
  }
  return nothing;
}

/** Kayenta over a growing window of hourly values, once a day; one High aborts. */
function mannWhitneyDecision({ candidate, stable }: Sides): Said {
  for (let hour = DAY; hour <= candidate.length; hour += DAY)
    if (isHigh(candidate.subarray(0, hour), stable.subarray(0, hour))) return abortAt(hour);
  return nothing;
}
