import type { JudgedRun } from './analysis-run.ts';

/** How a release of the past would have fared. */
export type Fate =
  /** Aborted while it did no harm, be it good or harmful later. */
  | 'false abort'
  | 'detected'
  /** Harmful, and not aborted: promoted, waiting for a person, or still being judged when the series end. */
  | 'missed'
  | 'passed';

export type Judgement = { fate: Fate; phase: JudgedRun['phase']; to_detect_s: number | null };

/** What a run says of a release that is known by now. `first_s`: Unix seconds of its first sample; an error aborts a rollout as a failure does. */
export function judgementOf({ phase, completed_at }: JudgedRun, harm_s: number | null, first_s: number): Judgement {
  const aborted = phase === 'Failed' || phase === 'Error';
  if (!aborted) return { fate: harm_s === null ? 'passed' : 'missed', phase, to_detect_s: null };
  const after_s = completed_at === null ? 0 : Date.parse(completed_at) / 1000 - first_s;
  if (harm_s === null || after_s < harm_s) return { fate: 'false abort', phase, to_detect_s: null };
  return { fate: 'detected', phase, to_detect_s: after_s - harm_s };
}

/** What one threshold does over all releases. Rates are null where there is nothing to take them of. */
export type Tally = {
  releases: number;
  false_aborts: number;
  /** Of all releases: each could have been aborted for nothing. */
  false_abort_rate: number | null;
  missed: number;
  /** Of the harmful releases that lived to do harm. */
  miss_rate: number | null;
  /** Not aborted, and not passed either: a person is asked. */
  waiting: number;
  to_detect_s: { median: number; longest: number } | null;
};

export function tallyOf(judgements: readonly Judgement[]): Tally {
  const count = (fate: Fate) => judgements.filter((judgement) => judgement.fate === fate).length;
  const [false_aborts, missed, detected] = [count('false abort'), count('missed'), count('detected')];
  const times = judgements
    .flatMap(({ to_detect_s }) => (to_detect_s === null ? [] : [to_detect_s]))
    .sort((a, b) => a - b);
  const [median, longest] = [times[Math.floor((times.length - 1) / 2)], times.at(-1)];
  return {
    releases: judgements.length,
    false_aborts,
    false_abort_rate: rate(false_aborts, judgements.length),
    missed,
    miss_rate: rate(missed, missed + detected),
    waiting: judgements.filter(({ phase }) => phase === 'Inconclusive' || phase === 'Running').length,
    to_detect_s: median === undefined || longest === undefined ? null : { median, longest },
  };
}

const rate = (part: number, whole: number) => (whole === 0 ? null : part / whole);
