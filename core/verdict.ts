/** `out/rehearsal/verdict.json`; its JSON Schema is `core/verdict.schema.json`. */
export type Outcome = 'promoted' | 'refused' | 'aborted' | 'inconclusive';

export type Verdict = {
  outcome: Outcome;
  /** One sentence a manager understands, with its numbers. */
  reason: string;
  scenario: string;
  release: { stable: string; candidate: string };
  phases: VerdictPhase[];
  gates: VerdictGate[];
  backtest: VerdictBacktest;
  /** Null: one arm, or none was judged live. */
  arms: VerdictArms | null;
  accuracy: VerdictAccuracy;
  latency_ms_p99: { stable: number | null; canary: number | null };
  timings_s: { lab_ready: number | null; total: number; breach_to_zero_weight: number | null };
  /** Program to version, as each program itself says. */
  versions: Record<string, string>;
};

/**
 * Live accuracy over the judged hours. `mae_ratio` is candidate over stable (0.92: 8 % less error); `lower` and `upper` are the
 * anytime-valid bounds of the mean paired loss on the same scale: 1 + bound / the stable's mean loss.
 */
export type VerdictAccuracy = { mae_ratio: number | null; lower: number | null; upper: number | null; hours: number };

export type VerdictPhase = {
  name: string;
  weight_percent: number;
  /** Null: the release did not come this far. */
  started_at: string | null;
  ended_at: string | null;
  /** Domain hours spent in it. */
  hours: number;
  outcome: 'passed' | 'failed' | 'inconclusive' | 'not reached';
};

export type VerdictGate = {
  name: string;
  phase: string;
  /** `running`: cut short, because another gate ended the phase. */
  outcome: 'passed' | 'failed' | 'inconclusive' | 'error' | 'running';
  /** Why the controller said so. */
  message: string;
  /** Null for a metric that is no gate of the plan. */
  threshold: number | null;
  unit: string;
  measurements: { at: string; value: number | null; outcome: 'good' | 'harmful' | 'inconclusive' | 'error' }[];
};

/** What the backtest of the worst arm says. */
export type VerdictBacktest = {
  verdict: 'abort' | 'win' | 'safe' | 'continue' | 'none';
  days: number;
  mean: number | null;
  margin: number | null;
  sentence: string;
  /** Every arm's backtest; empty where the release has one arm. */
  arms: VerdictArm[];
};

/** Which arm is ahead at the end, whether that is proven, and which are off. `sentence` says it for people. */
export type VerdictArms = {
  winner: string | null;
  proven: boolean;
  sentence: string;
  off: { arm: string; why: string }[];
};

export type VerdictArm = {
  arm: string;
  verdict: VerdictBacktest['verdict'];
  days: number;
  mean: number | null;
  margin: number | null;
  sentence: string;
};
