import { DIGEST_BYTES } from '../core/forecast-columns.ts';
import type { IssuePair } from '../core/judge/lead-groups.ts';
import { LEADS } from '../core/record.ts';

type Issued = IssuePair & { digests: Uint8Array };

/**
 * Stations whose candidate forecast is the same in all leads as one of some hours before although its inputs changed and the stable changed its
 * mind. That alone is no fault: where a load stands still a good model repeats itself. Only a recomputation that differs makes it one.
 */
export function suspectStations(before: Issued, now: Issued): number[] {
  const stations = Math.min(before.candidate.length, now.candidate.length) / LEADS;
  const suspects: number[] = [];
  for (let s = 0; s < stations; s++)
    if (
      sameValues(before.candidate, now.candidate, s) &&
      !sameValues(before.stable, now.stable, s) &&
      !sameDigest(before.digests, now.digests, s)
    )
      suspects.push(s);
  return suspects;
}

/** NaN equals nothing: a forecast without a number is invalid, not frozen. */
function sameValues(a: Float64Array, b: Float64Array, station: number): boolean {
  for (let i = station * LEADS; i < (station + 1) * LEADS; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameDigest(a: Uint8Array, b: Uint8Array, station: number): boolean {
  for (let i = station * DIGEST_BYTES; i < (station + 1) * DIGEST_BYTES; i++) if (a[i] !== b[i]) return false;
  return true;
}
