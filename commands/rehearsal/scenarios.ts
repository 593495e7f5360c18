import type { Outcome } from '../../core/verdict.ts';

/** One story that a rehearsal can tell: which candidate is released, what is wrong with it or with the lab, and how it must end. */
export type Scenario = {
  name: string;
  about: string;
  /** `learned`: the dense network; `worse`: a model proven 10 % worse than the stable one; `arms`: the plan's arms, of which `online` is that one. */
  model: 'learned' | 'worse' | 'arms';
  /** Fault of the candidate's image, an argument of model-server/faulty.ts; null is the honest image. */
  fault: 'skew' | 'slow' | 'crash' | 'nan' | 'fails' | 'stale' | 'leak' | null;
  /** What breaks in the lab itself once the candidate is in shadow. */
  sabotage: 'lose-targets' | null;
  /** Domain hours replayed per second, where the command says nothing else. */
  hours_per_s: number;
  expected: Outcome;
  /** What the stated reason must say. */
  reason: RegExp;
};

const healthy = { model: 'learned', fault: null, sabotage: null, hours_per_s: 17 } as const;

export const scenarios: readonly Scenario[] = [
  {
    ...healthy,
    name: 'good',
    about: 'a learned model that beats the existing forecast',
    expected: 'promoted',
    reason: /promoted to all stations/,
  },
  {
    ...healthy,
    name: 'worse',
    about: 'a candidate 10 % worse in the backtest',
    model: 'worse',
    expected: 'refused',
    reason: /refused before it got any traffic: .* proven worse/,
  },
  {
    ...healthy,
    name: 'arms',
    about: "the plan's arms, of which online harms and goes off alone",
    model: 'arms',
    // Its pods answer every hour once for each arm: faster, and they would be judged on how two cores share that.
    hours_per_s: 8,
    expected: 'promoted',
    reason: /promoted to all stations: .* Arm \S+ (wins|leads): .* Arm online is off: .* proven worse/,
  },
  {
    ...healthy,
    name: 'skew',
    about: 'fine in the backtest, but the pods serve hours shifted by one',
    fault: 'skew',
    expected: 'aborted',
    reason: /because its pods serve other forecasts than its model makes/,
  },
  {
    ...healthy,
    name: 'slow',
    about: 'answers 150 ms late',
    fault: 'slow',
    expected: 'aborted',
    reason: /because it answers too slowly/,
  },
  {
    ...healthy,
    name: 'crash',
    about: 'pods exit under traffic',
    fault: 'crash',
    expected: 'aborted',
    reason: /because (its containers crash|too many of its requests fail|its pods did not become ready)/,
  },
  {
    ...healthy,
    name: 'nan',
    about: 'forecasts that are not numbers',
    fault: 'nan',
    expected: 'aborted',
    reason: /because its forecasts contain values that are not numbers/,
  },
  {
    ...healthy,
    name: 'fallback',
    about: 'a model that fails, in whose place the statistical forecast answers',
    fault: 'fails',
    expected: 'aborted',
    reason: /because another predictor than its own answers its forecasts/,
  },
  {
    ...healthy,
    name: 'no-data',
    about: 'Prometheus loses its targets',
    sabotage: 'lose-targets',
    expected: 'inconclusive',
    reason: /Prometheus had no data to judge by/,
  },
  {
    ...healthy,
    name: 'stale',
    about: 'frozen forecasts',
    fault: 'stale',
    expected: 'aborted',
    reason: /because its forecasts stand still/,
  },
  {
    ...healthy,
    name: 'leak',
    about: 'memory grows without end',
    fault: 'leak',
    expected: 'aborted',
    reason: /because its memory keeps growing/,
  },
];
