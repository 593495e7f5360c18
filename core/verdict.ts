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
  accuracy: { mae_ratio: number | null; lower: number | null; upper: number | null; hours: number };
  latency_ms_p99: { stable: number | null; canary: number | null };
  timings_s: { lab_ready: number | null; total: number; breach_to_zero_weight: number | null };
  /** Program to version, as each program itself says. */
  versions: Record<string, string>;
};

export type VerdictPhase = {
  name: string;
  weight_percent: number;
  started_at: string;
  ended_at: string | null;
  hours: number;
  outcome: 'passed' | 'failed' | 'inconclusive' | 'not reached';
};

export type VerdictGate = {
  name: string;
  phase: string;
  outcome: 'passed' | 'failed' | 'inconclusive' | 'error' | 'running';
  /** Why the controller said so. */
  message: string;
  threshold: number;
  unit: string;
  measurements: { at: string; value: number | null; outcome: string }[];
};

export type VerdictBacktest = {
  verdict: 'abort' | 'win' | 'safe' | 'continue' | 'none';
  days: number;
  mean: number | null;
  margin: number | null;
  sentence: string;
};
