import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { BASE_LAG_H, FEATURES, fillFeatures, impute } from './features.ts';

/** One batch of training: features, the residuals to learn, and each row's weight in the loss. */
export type TrainingBatch = { features: Float32Array; residuals: Float32Array; weights: Float32Array };

const WEEK_H = 168;
/** One week in so many is kept from training, to see how large errors are on hours that it did not see. */
const WITHHELD_OF = 8;
/** The set's fourth week is the first: every set that is long enough to train on has it. */
const FIRST_WITHHELD = 3;

/** Whether no training sample forecasts an hour, counted from the set's first; it may be in the history of some. */
export function isWithheld(hour: number): boolean {
  return Math.floor(hour / WEEK_H) % WITHHELD_OF === FIRST_WITHHELD;
}

/** Every (station, issue hour) of the first `hours` hours whose 24 target hours are all known, none withheld, and of whose history something is. */
export function trainingSamples(telemetry: Telemetry, hours: number) {
  const known = telemetry.values_kw.map((values) => values.subarray(0, hours));
  const weights = stationWeights(known);
  const pairs: number[] = [];
  known.forEach((values, station) => {
    let run = 0;
    for (let target = HISTORY_HOURS; target < hours; target++) {
      run = Number.isNaN(values[target]) || isWithheld(target) ? 0 : run + 1;
      const issue = target - LEADS;
      if (run >= LEADS && hasHistory(values, issue)) pairs.push(station * hours + issue);
    }
  });
  const samples = Uint32Array.from(pairs);

  /** Draws `size` of them. */
  function draw(random: () => number, size: number): TrainingBatch {
    const batch = {
      features: new Float32Array(size * FEATURES),
      residuals: new Float32Array(size * LEADS),
      weights: new Float32Array(size),
    };
    for (let row = 0; row < size; row++) {
      const sample = samples[Math.floor(random() * samples.length)] ?? 0;
      const station = Math.floor(sample / hours);
      fillRow(known[station] ?? new Float64Array(), sample % hours, telemetry.start_h, batch, row);
      batch.weights[row] = weights[station] ?? 0;
    }
    return batch;
  }
  return { size: samples.length, draw };
}

/** A gap may be as long as what a forecast looks back on. */
function hasHistory(values: Float64Array, issue: number): boolean {
  for (let i = issue; i > issue - HISTORY_HOURS; i--) if (!Number.isNaN(values[i])) return true;
  return false;
}

/** Gaps are filled from the history alone, as a server does: from anything later, features would tell of the hours to forecast. */
function fillRow(values: Float64Array, issue: number, start_h: number, batch: TrainingBatch, row: number): void {
  const history = values.slice(issue - HISTORY_HOURS + 1, issue + 1);
  impute(history);
  const scale = fillFeatures(history, HISTORY_HOURS - 1, start_h + issue, batch.features, row * FEATURES);
  for (let lead = 1; lead <= LEADS; lead++) {
    const base = history[HISTORY_HOURS - 1 + lead - BASE_LAG_H] ?? Number.NaN;
    batch.residuals[row * LEADS + lead - 1] = ((values[issue + lead] ?? Number.NaN) - base) / scale;
  }
}

/** The judge divides each station's error by that of the existing forecast, so training does too; their mean is 1. */
function stationWeights(known: Float64Array[]): number[] {
  const weights = known.map((values) => {
    let error = 0;
    let size = 0;
    for (let i = BASE_LAG_H; i < values.length; i++) {
      const change = Math.abs((values[i] ?? Number.NaN) - (values[i - BASE_LAG_H] ?? Number.NaN));
      if (Number.isNaN(change)) continue;
      error += change;
      size += Math.abs(values[i] ?? 0);
    }
    // A station that hardly ever changes must not drown the others.
    return 1 / Math.max(error / size, 0.01);
  });
  const finite = weights.filter(Number.isFinite);
  const mean = finite.reduce((sum, weight) => sum + weight, 0) / finite.length;
  return weights.map((weight) => (Number.isFinite(weight) ? weight / mean : 0));
}
