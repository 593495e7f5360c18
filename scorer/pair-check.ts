import { type ForecastColumns, isWhole, recordOf } from '../core/forecast-columns.ts';
import { type ForecastRecord, LEADS } from '../core/record.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Parity, ParityResult } from './parity.ts';
import type { PairRow } from './repository.ts';
import type { Session } from './session.ts';

/** Stations are recomputed at the first pair hours of a candidate, and then now and then. */
const FIRST_FULL_CHECKS = 3;
const FULL_CHECK_EVERY_HOURS = 6;
/** Of a larger fleet each of these checks takes the next so many: each recomputation needs two weeks of a station's history. */
const STATIONS_PER_CHECK = 2000;

/** What one arm gives to an hour's settling. */
export type ArmHour = {
  pair: PairRow;
  /** Stations for which the candidate lacks a number and the stable does not. */
  invalid: number;
  suspects: ForecastRecord[];
  parity: ParityResult;
  /** Whether it was an hour of the regular check. */
  full: boolean;
};

type Parts = { log: ObservationLog; parity: Parity; logger: { warn: (what: object, message: string) => void } };

/** Pairs an arm's answer with the stable's, and holds it against recomputed forecasts. */
export async function checkedPair(
  { log, parity, logger }: Parts,
  session: Session,
  { issue_h, stable, canary }: { issue_h: number; stable: ForecastColumns; canary: ForecastColumns },
): Promise<ArmHour> {
  const { full_checks, last_full_check_h } = session.state;
  const { stations } = log.history;
  const pair = { issue_h, candidate: canary.values_kw, stable: stable.values_kw, digests: canary.digests };
  const suspects = session.suspects(pair);
  const full = full_checks < FIRST_FULL_CHECKS || issue_h - (last_full_check_h ?? 0) >= FULL_CHECK_EVERY_HOURS;
  const rows = new Set([...(full ? turnOf(canary.fallback.length, full_checks) : []), ...suspects]);
  const records = new Map(
    Array.from(rows, (row) => [row, recordOf(canary, row, { station_id: stations[row] ?? '', purpose: 'pair' })]),
  );
  const result = await parity.check([...records.values()], log.history, session.scalesOrLive(stations));
  if (result.unavailable !== null) logger.warn({ reason: result.unavailable }, 'forecasts could not be recomputed');
  return {
    pair,
    invalid: invalidOf(pair),
    suspects: suspects.flatMap((row) => records.get(row) ?? []),
    parity: result,
    full,
  };
}

/** The rows that the `turn`-th check takes: all of them, or the next STATIONS_PER_CHECK around the fleet. */
function turnOf(rows: number, turn: number): number[] {
  const from = rows <= STATIONS_PER_CHECK ? 0 : turn * STATIONS_PER_CHECK;
  return Array.from({ length: Math.min(rows, STATIONS_PER_CHECK) }, (_, i) => (from + i) % rows);
}

/** Where the stable has no number either, nothing is known of the station: a dead meter is no fault of the candidate. */
function invalidOf({ candidate, stable }: PairRow): number {
  let invalid = 0;
  for (let row = 0; row < stable.length / LEADS; row++)
    if (Number.isFinite(stable[row * LEADS]) && !isWhole(candidate, row)) invalid++;
  return invalid;
}
