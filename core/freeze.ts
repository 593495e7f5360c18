import type { Freeze } from './plan-types.ts';
import { momentOf } from './zoned-time.ts';

/** A freeze as milliseconds since 1970: from its first moment up to the first one after it. */
export type FrozenWindow = { freeze: Freeze; from_ms: number; to_ms: number };

/** Where a clock that is changed leaves two readings of an end, the freeze is the longer one. */
export function frozenWindows(freezes: readonly Freeze[]): FrozenWindow[] {
  return freezes.map((freeze) => ({
    freeze,
    from_ms: momentOf(freeze.from, freeze.zone, 'earlier'),
    to_ms: momentOf(freeze.to, freeze.zone, 'later'),
  }));
}

/** The first moment from `moment_ms` on that no freeze covers; freezes may follow each other without a gap. */
export function firstFree(moment_ms: number, windows: readonly FrozenWindow[]): number {
  const covering = windows.find(({ from_ms, to_ms }) => from_ms <= moment_ms && moment_ms < to_ms);
  return covering === undefined ? moment_ms : firstFree(covering.to_ms, windows);
}
