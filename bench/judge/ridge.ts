import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { LEADS } from '../../core/record.ts';
import { type FeatureSet, featureCount, REACH_HOURS, type Readings, writeFeatures } from './features.ts';

/** One linear model for all stations and leads: `weights[lead - 1]` are those of that lead. */
export type Ridge = { set: FeatureSet; weights: Float64Array[] };

/** Coprime to 24, so that every hour of the day is among the issue hours that are fitted. */
const ISSUE_STEP = 5;
/** Penalty per fitted row, in units of the squared station mean. */
const PENALTY = 1e-4;

/** Least squares with a ridge penalty over the issue hours `from` to `to` (rows of the readings) of which every target is before `to`. */
export function fitRidge(readings: Readings, set: FeatureSet, range: { from: number; to: number }): Ridge {
  const size = featureCount(set);
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  const products = Array.from({ length: size }, () => new Float64Array(LEADS));
  const x = new Float64Array(size);
  let rows = 0;
  for (const [s, series] of readings.values_kw.entries()) {
    const mean = readings.means_kw[s] ?? Number.NaN;
    for (let issue = Math.max(range.from, REACH_HOURS); issue + LEADS < range.to; issue += ISSUE_STEP) {
      writeFeatures(set, series, { issue, issue_h: readings.start_h + issue, mean }, x);
      addRow(gram, products, x, (k) => (series[issue + k] ?? Number.NaN) / mean);
      rows++;
    }
  }
  return { set, weights: solve(gram, products, PENALTY * rows) };
}

function addRow(gram: Float64Array[], products: Float64Array[], x: Float64Array, target: (lead: number) => number) {
  const y = Float64Array.from({ length: LEADS }, (_, i) => target(i + 1));
  for (let i = 0; i < x.length; i++) {
    const xi = x[i] ?? 0;
    const [row, product] = [gram[i] ?? x, products[i] ?? x];
    for (let j = 0; j <= i; j++) row[j] = (row[j] ?? 0) + xi * (x[j] ?? 0);
    for (let k = 0; k < LEADS; k++) product[k] = (product[k] ?? 0) + xi * (y[k] ?? 0);
  }
}

/** `gram` holds its lower triangle. */
function solve(gram: Float64Array[], products: Float64Array[], penalty: number): Float64Array[] {
  const whole = gram.map((row, i) =>
    row.map((value, j) => (j <= i ? value : (gram[j]?.[i] ?? 0)) + (i === j ? penalty : 0)),
  );
  const solved = new CholeskyDecomposition(new Matrix(whole)).solve(new Matrix(products));
  return Array.from({ length: LEADS }, (_, k) => Float64Array.from(solved.getColumn(k)));
}

/** The forecast for `lead` hours after an issue hour with features `x`, in units of the station's mean. */
export function predict(ridge: Ridge, lead: number, x: Float64Array): number {
  const weights = ridge.weights[lead - 1] ?? x;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (weights[i] ?? 0) * (x[i] ?? 0);
  return sum;
}
