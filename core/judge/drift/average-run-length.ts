import { normalCdf } from '../../distributions.ts';

/** States of the chain: the average run length is right to four digits with them. */
const STATES = 200;

/**
 * Average number of independent normal values until a one-sided CUSUM with this slack and limit says drift; all in standard deviations, `shift`
 * that of the mean. Brook & Evans (Biometrika 1972): the sum is a Markov chain over STATES intervals of width w = 2 limit / (2 STATES - 1), the
 * first around 0, and mu = (I - R)^-1 1 gives the steps to leave them.
 */
export function oneSidedRunLength({ slack, limit }: { slack: number; limit: number }, shift = 0): number {
  const w = (2 * limit) / (2 * STATES - 1);
  const below = (steps: number) => normalCdf(steps * w, shift - slack, 1);
  const equations = Array.from({ length: STATES }, (_, from) => {
    const row = Float64Array.from({ length: STATES + 1 }, (_, to) => {
      if (to === STATES) return 1;
      const stay = to === 0 ? below(0.5 - from) : below(to - from + 0.5) - below(to - from - 0.5);
      return (from === to ? 1 : 0) - stay;
    });
    return row;
  });
  return solve(equations)[0] ?? Number.NaN;
}

/** Average run length of both sides together: 1/ARL = 1/ARL_up + 1/ARL_down, exact where slack > 0 (van Dobben de Bruyn 1968). */
export function runLength(settings: { slack: number; limit: number }, shift = 0): number {
  return 1 / (1 / oneSidedRunLength(settings, shift) + 1 / oneSidedRunLength(settings, -shift));
}

/** Gauss elimination of rows [coefficients | right side]; without pivoting, which a diagonally dominant system does not need. */
function solve(rows: Float64Array[]): Float64Array {
  const n = rows.length;
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.NaN;
  for (let pivot = 0; pivot < n; pivot++)
    for (let row = pivot + 1; row < n; row++)
      subtract(rows, { row, from: pivot, times: at(row, pivot) / at(pivot, pivot) });
  const x = new Float64Array(n);
  for (let row = n - 1; row >= 0; row--) {
    let rest = at(row, n);
    for (let column = row + 1; column < n; column++) rest -= at(row, column) * (x[column] ?? 0);
    x[row] = rest / at(row, row);
  }
  return x;
}

function subtract(rows: Float64Array[], { row, from, times }: { row: number; from: number; times: number }): void {
  const [target, source] = [rows[row], rows[from]];
  if (target === undefined || source === undefined) return;
  for (let column = from; column < target.length; column++)
    target[column] = (target[column] ?? 0) - times * (source[column] ?? 0);
}
