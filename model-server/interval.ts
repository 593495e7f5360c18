/** The share of actual readings that an interval should hold. */
export const COVERAGE = 0.9;

/**
 * Half the width of an interval around a forecast of which these absolute errors are known: the ceil((n + 1) · COVERAGE)-th smallest of them,
 * which holds the next one with at least that probability if it is exchangeable with them (split conformal prediction, Vovk et al. 2005).
 * NaN when they are too few to say. Reorders `errors`.
 */
export function conformalMargin(errors: Float64Array): number {
  const rank = Math.ceil((errors.length + 1) * COVERAGE);
  return rank > errors.length ? Number.NaN : nthSmallest(errors, rank - 1);
}

/** Hoare's quickselect: the value that would be at index `n` were `values` sorted; it is put there. */
export function nthSmallest(values: Float64Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[n] ?? Number.NaN;
    let i = low;
    let j = high;
    do {
      while ((values[i] ?? pivot) < pivot) i++;
      while ((values[j] ?? pivot) > pivot) j--;
      if (i <= j) {
        const swapped = values[i] ?? pivot;
        values[i++] = values[j] ?? pivot;
        values[j--] = swapped;
      }
    } while (i <= j);
    if (j < n) low = i;
    if (n < i) high = j;
  }
  return values[n] ?? Number.NaN;
}
