import { DAYS_AT_ONCE, lengthDays, type Range } from '../core/assessment/days.ts';
import { Problem } from './problem.ts';
import { MAX_ENTRIES } from './schemas.ts';

const MAX_WAIT_MS = 30_000;
const MAX_LAST_HOURS = 100_000;

/** The query of `GET /v1/observations`; a follower that asks for more than is given in one answer asks again. */
export function parseFollow(query: Record<string, unknown>): {
  after: number;
  /** From what became known in the last so many hours on; null: from `after` on. */
  last_hours: number | null;
  limit: number;
  wait_ms: number;
  /** Whose switches are asked for, and the version of them that is known; null: nobody's. */
  release: string | null;
  switched: number;
} {
  const number = (name: string, otherwise: number, range: { min: number; max: number }) => {
    const value = query[name];
    if (value === undefined) return otherwise;
    const parsed = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= range.min && parsed <= range.max) return parsed;
    throw new Problem(
      400,
      'invalid-input',
      `${name}: "${String(value)}" is not a number from ${range.min} to ${range.max}`,
    );
  };
  return {
    after: number('after', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    last_hours: query.last_hours === undefined ? null : number('last_hours', 0, { min: 1, max: MAX_LAST_HOURS }),
    limit: number('limit', 100, { min: 1, max: MAX_ENTRIES }),
    wait_ms: number('wait_ms', 0, { min: 0, max: MAX_WAIT_MS }),
    release: typeof query.release === 'string' ? query.release : null,
    switched: number('switched', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  };
}

/** The query of `GET /v1/days`: two days, both included, and no more between them than one answer should hold. */
export function parseDays(query: Record<string, unknown>): Range {
  const day = (name: 'from' | 'to') => {
    const value = query[name];
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
    throw new Problem(400, 'invalid-input', `${name}: "${String(value)}" is not a day like 2026-03-01`);
  };
  const range = { from: day('from'), to: day('to') };
  if (lengthDays(range) <= DAYS_AT_ONCE) return range;
  throw new Problem(
    400,
    'invalid-input',
    `from ${range.from} to ${range.to}: is not a range of at most ${DAYS_AT_ONCE} days; ask for one after another`,
  );
}
