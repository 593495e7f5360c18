import { LATENCY_BOUNDS_MS } from '../metrics.ts';
import type { Success } from '../plan-types.ts';
import { type DayFact, emptyFact } from './day-fact.ts';
import { daysBetween, type Range } from './days.ts';

/** Days that never were, in the shape of real ones: for tests, and for looking at a report in which every answer is there. */
export type ExampleChoices = {
  before: Range;
  after: Range;
  /** Error after, as a share of the control's; before it is the control's own. */
  error_ratio: number;
  /** Added to every answer's latency after. */
  slower_ms: number;
  /** Mean of the scores after; null: nobody gave one. */
  score: number | null;
  /** Whether the earlier release forecast beside the later one. */
  paired: boolean;
  texts: string[];
};

export const exampleChoices: ExampleChoices = {
  before: { from: '2026-01-01', to: '2026-03-31' },
  after: { from: '2026-04-01', to: '2026-06-29' },
  ...{ error_ratio: 0.8, slower_ms: 2, score: 4, paired: true, texts: ['The morning peak is right now.'] },
};

export const STATIONS = ['north', 'east', 'south', 'west'];

/** A repeatable wobble in [-1, 1]. */
const wobble = (i: number) => Math.sin(i * 12.9898) * Math.cos(i * 4.1414);

export function exampleFacts(choices: ExampleChoices): DayFact[] {
  const before = daysBetween(choices.before).flatMap((day, i) => [
    control(day, i),
    served(day, i, { release: 'earlier', ratio: 1, slower_ms: 0, score: 3.5, texts: [] }),
  ]);
  const after = daysBetween(choices.after).flatMap((day, i) => {
    const { error_ratio: ratio, slower_ms, score, texts } = choices;
    const later = served(day, i + 500, { release: 'later', ratio, slower_ms, score, texts: i === 0 ? texts : [] });
    const beside: DayFact[] = choices.paired
      ? [{ ...forecast(day, i + 500, 1), release: 'earlier', role: 'beside' }]
      : [];
    return [control(day, i + 500), later, ...beside];
  });
  return [...before, ...after];
}

/** Errors of every station, `ratio` of the control's but for a wobble of 2 %. */
function forecast(day: string, i: number, ratio: number): DayFact {
  const share = ratio * (ratio === 1 ? 1 : 1 + 0.02 * wobble(i));
  const base = 10 * (1 + 0.2 * wobble(3 * i));
  const stations = Object.fromEntries(
    STATIONS.map((id, s): [string, [number, number, number]] => [
      id,
      [24, 24 * base * (s + 1) * share, 24 * (base * (s + 1) * share) ** 2],
    ]),
  );
  const total = 24 * 10 * base * share;
  return {
    ...emptyFact({
      day,
      release: 'control',
      arm: 'all',
      role: 'control',
      expected_station_hours: 24 * STATIONS.length,
    }),
    accuracy: { stations, lead_groups: { '1-6': [576, total * 5, total], '7-12': [576, total * 7, total] } },
    energy: { station_hours: 96, shortfall_kwh: 0.6 * total, surplus_kwh: 0.4 * total },
  };
}

function control(day: string, i: number): DayFact {
  return forecast(day, i, 1);
}

type Serving = { release: string; ratio: number; slower_ms: number; score: number | null; texts: string[] };

function served(day: string, i: number, { release, ratio, slower_ms, score, texts }: Serving): DayFact {
  const scores = 4;
  return {
    ...forecast(day, i, ratio),
    ...{ release, role: 'serving' },
    forecasts: { answered: 1000, failed: 1, fallback: 2 },
    pod_hashes: [release],
    latency_counts: countsAround(15 + slower_ms),
    resources: { cpu_s: 3600 / ratio, gpu_s: null, memory_gb_h: 24, memory_bytes_max: 4e8, forecasts: 1000 },
    engagement: { shown: 50, followed: 20 + Math.round(3 * wobble(i)) },
    feedback: score === null ? null : { scores, sum: scores * score, sum_sq: scores * (score ** 2 + 0.25), texts },
    drift_events: 0,
  };
}

/** A thousand answers up to `most_ms`. */
function countsAround(most_ms: number): number[] {
  const counts = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
  const bucket = LATENCY_BOUNDS_MS.findIndex((bound_ms) => bound_ms >= most_ms);
  counts[3] = 900;
  counts[bucket === -1 ? LATENCY_BOUNDS_MS.length : bucket] = 100;
  return counts;
}

/** The strategy's criteria, with no score named. */
export const strategy: Success = { accuracy_percent: 15, outcome_percent: 10, latency_ms: 10, feedback: null };
