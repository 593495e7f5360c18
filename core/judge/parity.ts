/** A served forecast equals its recomputation when every lead is within this, relative to its size. */
export const PARITY = { relative: 1e-5, floor_of_scale: 0.001 } as const;

export type Values = readonly (number | null)[];

/** Index of the first lead at which `served` differs from `recomputed`, or null when they are equal. Null values equal only null. */
export function parityBreak(served: Values, recomputed: Values, scale_kw: number): number | null {
  if (served.length !== recomputed.length) return Math.min(served.length, recomputed.length);
  for (const [lead, a] of served.entries()) {
    const b = recomputed[lead] ?? null;
    if (!equal(a, b, scale_kw)) return lead;
  }
  return null;
}

function equal(a: number | null, b: number | null, scale_kw: number): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= PARITY.relative * Math.max(Math.abs(b), PARITY.floor_of_scale * scale_kw);
}
