/**
 * The series of `vector` whose value is a number: PromQL's comparisons drop NaN and let what is finite through unchanged. What is infinite or
 * no number is as if it were not there, so that nothing is made of it on the way to the one value that a gate judges (1 / Inf is 0).
 */
export function finite(vector: string): string {
  return `(${vector} < Inf > -Inf)`;
}
