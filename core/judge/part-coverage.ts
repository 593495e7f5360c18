import { COVERAGE } from './coverage-floors.ts';
import { type LossTable, scoredByBoth } from './loss-table.ts';
import type { StationHourLosses } from './losses.ts';

/** What became of the station-hours of a part of a table, its history or its live hours. */
export type PartCoverage = {
  expected: number;
  /** Without truth, respectively with truth and not with losses of both sides. */
  missing: number;
  one_sided: number;
  /** Share of the expected that has truth (a loss of any side), and share of those that has losses of both sides. */
  labels: number;
  pairs: number;
};

/** Counts the cells of a table's hours `start` to `end - 1`. */
export function partCoverage(table: LossTable, start: number, end: number): PartCoverage {
  let [missing, both] = [0, 0];
  for (let s = 0; s < table.stations.length; s++)
    for (let cell = s * table.hours + start; cell < s * table.hours + end; cell++) {
      if (scoredByBoth(table, cell)) both++;
      else if (Number.isNaN(table.candidate_kw[cell]) && Number.isNaN(table.stable_kw[cell])) missing++;
    }
  return shares(table.stations.length * (end - start), missing, both);
}

/** Counts the cells of two models' losses over one truth: what neither of them forecast is missing only where there is no truth. */
export function lossCoverage(candidate: StationHourLosses, stable: StationHourLosses): PartCoverage {
  const { truth, from_h, hours } = candidate;
  let [missing, both] = [0, 0];
  for (const [s, values_kw] of truth.values_kw.entries())
    for (let i = 0; i < hours; i++) {
      const cell = s * hours + i;
      if (Number.isNaN(values_kw[from_h + i - truth.start_h] ?? Number.NaN)) missing++;
      else if (candidate.complete(cell) && stable.complete(cell)) both++;
    }
  return shares(truth.values_kw.length * hours, missing, both);
}

function shares(expected: number, missing: number, both: number): PartCoverage {
  const with_truth = expected - missing;
  return {
    expected,
    missing,
    one_sided: with_truth - both,
    labels: with_truth / expected,
    pairs: with_truth > 0 ? both / with_truth : 0,
  };
}

/** Why nothing good may be said of a part, as a clause; null where enough of it is known. */
export function whyHeld({ pairs, labels }: PartCoverage, name: 'live' | 'backtested'): string | null {
  const held = (share: number, of: string, floor: number) =>
    `neither safe nor win is said, because only ${roundedDown(share)} of the ${name} station-hours ${of} (${100 * floor} % are needed)`;
  if (labels < COVERAGE.min_labels) return held(labels, 'have truth', COVERAGE.min_labels);
  if (pairs < COVERAGE.min_pairs) return held(pairs, 'with truth have losses of both versions', COVERAGE.min_pairs);
  return null;
}

/** What is left of a word where too little is known: an abort stays. */
export function withheld<Word extends string>(word: Word): Word | 'continue' {
  return word === 'safe' || word === 'win' ? 'continue' : word;
}

/** A share below its floor never reads as the floor. */
function roundedDown(share: number): string {
  return `${(Math.floor(1000 * share) / 10).toFixed(1)} %`;
}
