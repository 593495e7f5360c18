import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { failingMetric } from '../core/outcome.ts';
import type { MetricSeen, Timeline } from '../core/timeline.ts';
import { type Point, queryNow, queryRange } from './observe-prometheus.ts';
import { message } from './watch.ts';
import { type AppliedWeight, weightsFile } from './xds-weights.ts';

export type Breach = {
  gate: string;
  /** When Prometheus could first show what the gate stopped the release for. */
  breach_at: string;
  /** When Envoy sent the candidate nothing any more. */
  zero_at: string;
  seconds: number;
  /** What had to be taken off: the weight, or in shadow, where the weight is 0 anyway, the mirror. */
  ended: 'weight' | 'mirror';
};

export type BreachOptions = {
  timeline: Timeline;
  /** Harm of each gate in Argo's words, thresholds filled in: `x > 100`. */
  harmful: ReadonlyMap<string, string>;
  prometheusUrl: string;
  /** Folder of weights.jsonl. */
  weights_dir: string;
  signal: AbortSignal;
};

const LOOK_BACK_MS = 60_000;
const STEP_MS = 250;
/** How long the line of zero weight is waited for. */
const ZERO_WITHIN_MS = 10_000;

/**
 * How long the candidate went on after its breach was visible; null where no gate stopped it. Where it cannot be measured it is null too,
 * and a note in the timeline says why: the verdict stands without this figure.
 */
export async function measureBreach(options: BreachOptions): Promise<Breach | null> {
  const { timeline, signal } = options;
  const failing = timeline.end.kind === 'aborted' ? failingMetric(timeline) : undefined;
  if (failing === undefined) return null;
  try {
    return await measure(options, failing.metric);
  } catch (error) {
    signal.throwIfAborted();
    const { at, hour, step, weight_percent } = timeline.end;
    const text = `The time from breach to zero weight could not be measured: ${message(error)}`;
    timeline.events.push({ at, hour, step, weight_percent, kind: 'note', text });
    return null;
  }
}

/** Which gates of the aborted phase Prometheus shows harmful now: the controller may have measured only one of them in time. */
export async function harmNow({
  timeline,
  harmful,
  prometheusUrl,
  signal,
}: BreachOptions): Promise<{ gate: string; value: number }[]> {
  const failing = timeline.end.kind === 'aborted' ? failingMetric(timeline) : undefined;
  const found: { gate: string; value: number }[] = [];
  for (const { name, query } of failing?.run.metrics ?? []) {
    const condition = harmful.get(name);
    if (query === null || condition === undefined) continue;
    const series = await queryNow(prometheusUrl, query, signal);
    const value = series.length === 1 ? series[0]?.points[0]?.value : undefined;
    if (value !== undefined && Number.isFinite(value) && holds(condition, value)) found.push({ gate: name, value });
  }
  return found;
}

async function measure(options: BreachOptions, { name, query }: MetricSeen): Promise<Breach> {
  const { timeline, signal } = options;
  const condition = options.harmful.get(name);
  if (query === null || condition === undefined)
    throw new Error(
      `gate "${name}" stopped the release, but its ${query === null ? 'query' : 'condition'} is not known`,
    );
  const to_ms = Date.parse(timeline.end.at);
  const range = { query, from_ms: to_ms - LOOK_BACK_MS, to_ms, step_ms: STEP_MS };
  const series = await queryRange(options.prometheusUrl, range, signal);
  const breach_ms = firstOfLastHarm(series.length === 1 ? (series[0]?.points ?? []) : [], condition);
  if (breach_ms === null) throw new Error(`Prometheus shows no harm by gate "${name}" in the minute before the abort`);
  for (const given_up_ms = performance.now() + ZERO_WITHIN_MS; ; await delay(100, undefined, { signal })) {
    const zero = zeroAfter(await readWeights(options.weights_dir), breach_ms);
    if (zero !== null) {
      const seconds = (zero.at_ms - breach_ms) / 1000;
      const [breach_at = '', zero_at = ''] = [breach_ms, zero.at_ms].map((ms) => new Date(ms).toISOString());
      return { gate: name, breach_at, zero_at, seconds, ended: zero.ended };
    }
    if (performance.now() > given_up_ms)
      throw new Error(`Envoy still sent traffic to the candidate ${ZERO_WITHIN_MS / 1000} s after the abort was seen`);
  }
}

/** The first point of the last unbroken run of harm; a gap in the series breaks a run. */
export function firstOfLastHarm(points: readonly Point[], condition: string): number | null {
  const harm = points.map(({ value }) => holds(condition, value));
  const last = harm.lastIndexOf(true);
  if (last === -1) return null;
  let first = last;
  const follows = (i: number) => (points[i]?.at_ms ?? 0) - (points[i - 1]?.at_ms ?? 0) < 1.5 * STEP_MS;
  while (first > 0 && harm[first - 1] && follows(first)) first -= 1;
  return points[first]?.at_ms ?? null;
}

/** When traffic to the candidate ended; at the breach itself where it had none any more (a crash takes the mirror off by itself). */
export function zeroAfter(
  weights: readonly AppliedWeight[],
  breach_ms: number,
): { at_ms: number; ended: Breach['ended'] } | null {
  const timed = weights.map((weight) => ({ ...weight, at_ms: Date.parse(weight.at) }));
  const at_breach = timed.findLast(({ at_ms }) => at_ms <= breach_ms);
  const ended = at_breach !== undefined && at_breach.primary.canary > 0 ? 'weight' : 'mirror';
  const is_zero = ({ primary, mirror }: AppliedWeight) => primary.canary === 0 && (ended === 'weight' || !mirror);
  if (at_breach !== undefined && is_zero(at_breach)) return { at_ms: breach_ms, ended };
  const zero = timed.find((weight) => weight.at_ms > breach_ms && is_zero(weight));
  return zero ? { at_ms: zero.at_ms, ended } : null;
}

async function readWeights(dir: string): Promise<AppliedWeight[]> {
  const text = await readFile(weightsFile(dir), 'utf8');
  // The last line may be in the middle of being written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AppliedWeight);
}

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Evaluates a gate's condition: comparisons of `x` with numbers, or `false`, joined by `&&` and `||`; it never holds for NaN. */
export function holds(condition: string, x: number): boolean {
  if (Number.isNaN(x)) return false;
  return condition.split('||').some((part) => part.split('&&').every((term) => compare(term.trim(), x)));
}

function compare(term: string, x: number): boolean {
  if (term === 'false') return false;
  const [, operator = '', number = ''] = /^x\s*(>=|<=|==|!=|>|<)\s*(-?[\d.]+(?:e[+-]?\d+)?)$/i.exec(term) ?? [];
  const comparison = comparisons[operator];
  if (comparison === undefined) throw new RangeError(`"${term}" is not a comparison of x with a number like "x > 100"`);
  return comparison(x, Number(number));
}
