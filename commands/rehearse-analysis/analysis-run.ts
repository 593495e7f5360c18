import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What tools/analysis-run is asked: one set of series, and the runs that are judged by it. Times are ISO 8601. */
export type AnalysisRequest = {
  series: SampledSeries;
  /** How far Prometheus looks back for a series' last sample. */
  lookback_s: number;
  /** Times in which Prometheus is not reached, the end excluded. */
  outages: { start: string; end: string }[];
  runs: RunSpec[];
};

/** In promtool's notation, with a sample every interval from a time on, or as OpenMetrics text with times. */
export type SampledSeries =
  | { notation: { series: string; values: string }[]; from: string; interval_s: number }
  | { openmetrics: string };

/** A run of a template, from a time or so long after the first sample, to a time or the last sample. */
export type RunSpec = {
  template: unknown;
  args: Record<string, string>;
  start?: string;
  start_after_s?: number;
  end?: string;
};

export type Counters = {
  count: number;
  successful: number;
  failed: number;
  inconclusive: number;
  error: number;
  consecutive_error: number;
  consecutive_success: number;
};

type Phase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

export type Measurement = Counters & {
  metric: string;
  started_at: string;
  value: string;
  phase: Phase;
  message: string;
  /** The metric's, after this measurement. */
  metric_phase: Phase;
};

export type JudgedMetric = Counters & { name: string; phase: Phase; message: string; dry_run: boolean; query: string };

/** An AnalysisRun as it ended, or as it stood when the time was up: Running. */
export type JudgedRun = {
  phase: Phase;
  message: string;
  started_at: string | null;
  completed_at: string | null;
  metrics: JudgedMetric[];
  measurements: Measurement[];
};

/** Where the input is at fault: in the series of this number, in OpenMetrics text after so many samples, or in the template of this run. */
export type AnalysisFault = { in: 'series' | 'openmetrics' | 'template'; at: number; message: string };

/** `first`: the first sample's time. */
export type AnalysisAnswer = { fault: AnalysisFault } | { fault?: undefined; first: string; runs: JudgedRun[] };

/** Argo's own evaluator on Prometheus' own engine. Throws where the program fails; what is wrong with the input is its answer. */
export async function analyse(requests: readonly AnalysisRequest[]): Promise<AnalysisAnswer[]> {
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: start this by its npm script, which sets it');
  const program = spawn(join(bin, 'analysis-run'), { stdio: ['pipe', 'pipe', 'inherit'] });
  // If it ends before it has read all, its exit code says so.
  program.stdin.on('error', () => {});
  program.stdin.end(requests.map((request) => JSON.stringify(request)).join('\n'));
  const [said, [code, signal]] = await Promise.all([text(program.stdout), once(program, 'close')]);
  if (code !== 0) throw new Error(`analysis-run ended with ${signal ?? `exit code ${code}`}`);
  // The shape is that of protocol.go, beside which nothing is written to its standard output.
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AnalysisAnswer);
}
