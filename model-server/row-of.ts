/** One row of an array of rows, each of `width` numbers: a window on it, so that writing to the row changes the array. */
export function rowOf(values: Float64Array, row: number, width: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}
