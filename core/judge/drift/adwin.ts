import type { Detector } from './detector.ts';

/** River's defaults: summaries of one length, values on each side of a cut, values before the first check. */
const MAX_SUMMARIES = 5;
const MIN_SIDE = 5;
const GRACE = 10;

/** Sum, and sum of squared deviations, of 2^row consecutive values. */
type Summary = [total: number, deviations_sq: number];

export type AdwinState = {
  ticks: number;
  /** Values in the window, their sum and their sum of squared deviations from the mean. */
  width: number;
  total: number;
  deviations_sq: number;
  /** `rows[i]`: summaries of 2^i values each, oldest first; the oldest values are in the last row. */
  rows: Summary[][];
  drifted: boolean;
  statistic: number;
};

export function startAdwin(): AdwinState {
  return { ticks: 0, width: 0, total: 0, deviations_sq: 0, rows: [[]], drifted: false, statistic: 0 };
}

/**
 * ADWIN2 (Bifet & Gavalda 2007) with the streaming variance of Babcock et al. 2003: a window that drops its oldest values as long as two parts of
 * it have different means, its size logarithmic in what it covers. Value for value River's `drift.ADWIN`, the order of its sums included.
 */
export class Adwin implements Detector {
  readonly state: AdwinState;
  readonly #delta: number;
  readonly #clock: number;

  /** delta: the chance of a false drift at one check, were the values independent; clock: values from one check to the next, 32 in River. */
  constructor({ delta, clock }: { delta: number; clock: number }, state = startAdwin()) {
    this.#delta = delta;
    this.#clock = clock;
    this.state = state;
  }

  get statistic(): number {
    return this.state.statistic;
  }

  observe(value: number): boolean {
    const { state } = this;
    if (state.drifted) Object.assign(state, startAdwin());
    insert(state, value);
    state.ticks++;
    if (state.ticks % this.#clock !== 0 || state.width <= GRACE) return false;
    state.statistic = this.#furthestCut();
    while (this.#cuts()) {
      state.drifted = true;
      dropOldest(state);
    }
    return state.drifted;
  }

  #cuts(): boolean {
    return this.#furthestCut() > 1;
  }

  /** The largest difference between the means on both sides of a cut, over what chance allows there. */
  #furthestCut(): number {
    const { rows, width, total } = this.state;
    let [n, sum, furthest] = [0, 0, 0];
    let rest = total;
    for (let row = rows.length - 1; row >= 0; row--)
      for (const [part] of rows[row] ?? []) {
        n += 2 ** row;
        sum += part;
        rest -= part;
        if (n < MIN_SIDE || width - n < MIN_SIDE) continue;
        const difference = Math.abs(sum / n - rest / (width - n));
        furthest = Math.max(furthest, difference === 0 ? 0 : difference / this.#allowed(n));
      }
    return furthest;
  }

  /** epsilon_cut for a cut after the n oldest values. */
  #allowed(n: number): number {
    const { width, deviations_sq } = this.state;
    const log_term = Math.log((2 * Math.log(width)) / this.#delta);
    const harmonic = 1 / (n - MIN_SIDE + 1) + 1 / (width - n - MIN_SIDE + 1);
    return Math.sqrt(2 * harmonic * (Math.max(deviations_sq, 0) / width) * log_term) + (2 / 3) * log_term * harmonic;
  }
}

function insert(state: AdwinState, value: number): void {
  state.width++;
  if (state.width > 1) {
    const deviation = value - state.total / (state.width - 1);
    state.deviations_sq += ((state.width - 1) * deviation * deviation) / state.width;
  }
  state.total += value;
  state.rows[0]?.push([value, 0]);
  compress(state.rows);
}

/** Where a row is too long, its two oldest summaries become one of the next row. */
function compress(rows: Summary[][]): void {
  for (let row = 0; row < rows.length; row++) {
    const summaries = rows[row] ?? [];
    if (summaries.length <= MAX_SUMMARIES) return;
    const [a, b] = summaries.splice(0, 2);
    if (a === undefined || b === undefined) return;
    if (row + 1 === rows.length) rows.push([]);
    rows[row + 1]?.push(merged(a, b, 2 ** row));
  }
}

function merged(a: Summary, b: Summary, length: number): Summary {
  const difference = a[0] / length - b[0] / length;
  return [a[0] + b[0], a[1] + b[1] + length * 0.5 * difference * difference];
}

function dropOldest(state: AdwinState): void {
  const row = state.rows.length - 1;
  const oldest = state.rows[row]?.shift();
  if (oldest === undefined) throw new Error('a window that can be cut has values');
  if (state.rows[row]?.length === 0) state.rows.pop();
  const n = 2 ** row;
  const [total, deviations_sq] = oldest;
  state.width -= n;
  state.total -= total;
  const difference = total / n - state.total / state.width;
  state.deviations_sq -= deviations_sq + (n * state.width * difference * difference) / (n + state.width);
}
