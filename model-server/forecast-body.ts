import { type ForecastRequest, MAX_BATCH } from '../core/record.ts';
import { HISTORY_HOURS, MOST_KW } from '../core/telemetry.ts';
import { type NumberRows, readRows } from './number-rows.ts';
import { Problem } from './problem.ts';

/** Body of `POST /v1/forecast` as it is after parsing: histories are numbers already. */
export type ForecastBody = Omit<ForecastRequest, 'history_kw'> & { history_kw?: NumberRows | null };

const KEY = '"history_kw"';
const LIMITS = { name: 'history_kw', max_rows: MAX_BATCH, columns: HISTORY_HOURS, most: MOST_KW };

/**
 * Parses a body: its histories by `readRows`, the rest by JSON.parse with null in their place. The key cannot be mistaken: within a JSON string
 * its quotes would be escaped.
 */
export function parseForecastBody(bytes: Buffer): unknown {
  const from = valueOfKey(bytes);
  if (from === undefined) return parse(bytes.toString());
  const history_kw = readRows(bytes, from, LIMITS);
  const body = parse(`${bytes.toString('utf8', 0, from)}null${bytes.toString('utf8', history_kw.end)}`);
  return isObject(body) && body.history_kw === null ? { ...body, history_kw } : body;
}

/** Where the value of the first such key begins; a station of that name has no colon behind it. */
function valueOfKey(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(KEY); at >= 0; at = bytes.indexOf(KEY, at + 1)) {
    const colon = /^\s*:/.exec(bytes.toString('latin1', at + KEY.length, at + KEY.length + 16));
    if (colon !== null) return at + KEY.length + colon[0].length;
  }
  return undefined;
}

/** The histories of a body whose other members are valid: a row for each station. */
export function historiesOf({ history_kw, station_ids }: ForecastBody): Float64Array | undefined {
  if (history_kw === undefined) return undefined;
  // Spelled with escapes, the key escapes the reader.
  if (!(history_kw?.values instanceof Float64Array))
    throw new Problem(400, 'invalid-request', 'history_kw: spell the key without escapes, once', 'history_kw');
  if (history_kw.count !== station_ids.length)
    throw new Problem(
      400,
      'invalid-request',
      `history_kw: it has ${history_kw.count} rows, and station_ids ${station_ids.length}; send one for each`,
      'history_kw',
    );
  return history_kw.values;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem(400, 'invalid-json', `the body is no JSON: ${why}; send a JSON object`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
