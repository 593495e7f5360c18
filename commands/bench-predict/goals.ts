import type { Summary } from './score.ts';

/** A goal, and whether it is met; `value` is a share. */
export type Met = { what: string; goal: string; value: number; met: boolean };

/** What `all` must reach on held-out time, on any set; on EIA it must be 15 % below the fallback. None where it was not measured. */
export function goalsOf(summaries: readonly Summary[]): Met[] {
  const all = summaries.find(({ name }) => name === 'all');
  if (all === undefined) return [];
  const { to_control, to_fallback, worse, coverage } = all;
  const below = (what: string, goal: string, least: number, ratio: number): Met => ({
    ...{ what, goal, value: 1 - ratio },
    met: 1 - ratio >= least,
  });
  return [
    below('lower than control', 'at least 15 %', 0.15, to_control),
    below('lower than the fallback', 'at least 8 %', 0.08, to_fallback),
    below('lower than the fallback, the goal on EIA', 'at least 15 %', 0.15, to_fallback),
    { what: 'stations worse than the fallback', goal: 'under 5 %', value: worse, met: worse < 0.05 },
    { what: '90 % interval holds', goal: '88 to 92 %', value: coverage, met: coverage >= 0.88 && coverage <= 0.92 },
  ];
}
