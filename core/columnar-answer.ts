import { Ajv } from 'ajv';
import { DIGEST_BYTES, emptyColumns, type ForecastColumns } from './forecast-columns.ts';
import { lazily } from './lazily.ts';
import { LEADS, MAX_BATCH } from './record.ts';
import { sha256 } from './release.ts';
import { nameSchema, timeSchema } from './wire-schemas.ts';

/**
 * The answer to a pair question as bytes, for who accepts this media type; docs/decisions/columnar-answers.md says why.
 *
 *     "grf1" | bytes of the header, uint32 | header, JSON | values, float64 | digests | fallbacks, uint8
 *
 * Numbers are little-endian, as in `inputDigest`; the columns are those of ForecastColumns, one after the other and nothing behind them.
 */
export const COLUMNAR_TYPE = 'application/vnd.gridramp.forecasts';

/** With the format's version. */
const MAGIC = 'grf1';
const PREFIX_BYTES = 8;
/** Four names of 256 characters, escaped, and then some. */
const MAX_HEADER_BYTES = 8192;
const ROW_BYTES = LEADS * Float64Array.BYTES_PER_ELEMENT + DIGEST_BYTES + 1;

type Header = Pick<ForecastColumns, 'release' | 'pod_hash' | 'arm' | 'issue_time' | 'latency_ms'> & {
  rows: number;
  /** `stationsDigest` of the stations that the rows are of. */
  stations: string;
};

const headerValidator = lazily(() =>
  new Ajv().compile<Header>({
    type: 'object',
    required: ['release', 'pod_hash', 'arm', 'issue_time', 'latency_ms', 'rows', 'stations'],
    properties: {
      release: nameSchema,
      pod_hash: nameSchema,
      arm: nameSchema,
      issue_time: timeSchema,
      latency_ms: { type: 'number', minimum: 0 },
      rows: { type: 'integer', minimum: 1, maximum: MAX_BATCH },
      stations: nameSchema,
    },
  }),
);

/** Says which stations, in which order: rows carry no names. */
export function stationsDigest(station_ids: readonly string[]): string {
  return sha256(JSON.stringify(station_ids));
}

export function encodeColumns(columns: ForecastColumns, station_ids: readonly string[]): Buffer {
  const { release, pod_hash, arm, issue_time, latency_ms, values_kw, digests, fallback } = columns;
  const stations = stationsDigest(station_ids);
  const rows = station_ids.length;
  const header = Buffer.from(
    JSON.stringify({ release, pod_hash, arm, issue_time, latency_ms, rows, stations } satisfies Header),
  );
  const prefix = Buffer.alloc(PREFIX_BYTES, MAGIC, 'latin1');
  prefix.writeUInt32LE(header.length, MAGIC.length);
  // As JSON has it: no infinity, no signed zero.
  const plain_kw = values_kw.map((value) => (Number.isFinite(value) ? value + 0 : Number.NaN));
  return Buffer.concat([prefix, header, new Uint8Array(plain_kw.buffer), digests, fallback]);
}

/** The columns and the `stationsDigest` of what they are of; a RangeError says what is wrong with the bytes. */
export function decodeColumns(bytes: Uint8Array): { columns: ForecastColumns; stations: string } {
  const { rows, stations, ...common } = headerOf(bytes);
  const columns = emptyColumns(rows, common);
  const { values_kw, digests, fallback } = columns;
  const values_from = bytes.length - rows * ROW_BYTES;
  const digests_from = values_from + values_kw.byteLength;
  const fallback_from = digests_from + digests.length;
  new Uint8Array(values_kw.buffer).set(bytes.subarray(values_from, digests_from));
  digests.set(bytes.subarray(digests_from, fallback_from));
  fallback.set(bytes.subarray(fallback_from));
  if (values_kw.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY))
    throw new RangeError('a value is infinite; what is no number is NaN');
  if (fallback.some((flag) => flag > 1)) throw new RangeError('a fallback is neither 0 nor 1');
  return { columns, stations };
}

function headerOf(bytes: Uint8Array): Header {
  const start = Buffer.from(bytes.subarray(0, PREFIX_BYTES));
  const magic = start.toString('latin1', 0, MAGIC.length);
  if (magic !== MAGIC) throw new RangeError(`it begins with ${JSON.stringify(magic)}, not with "${MAGIC}"`);
  const header_bytes = start.length < PREFIX_BYTES ? 0 : start.readUInt32LE(MAGIC.length);
  if (header_bytes > MAX_HEADER_BYTES)
    throw new RangeError(`its header says that it has ${header_bytes} bytes; ${MAX_HEADER_BYTES} are the most`);
  const header = parsed(Buffer.from(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + header_bytes)).toString('utf8'));
  const expected_bytes = PREFIX_BYTES + header_bytes + header.rows * ROW_BYTES;
  if (bytes.length !== expected_bytes)
    throw new RangeError(`${header.rows} forecasts take ${expected_bytes} bytes, it has ${bytes.length}`);
  return header;
}

function parsed(text: string): Header {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new RangeError(`its header is no JSON: ${JSON.stringify(text.slice(0, 100))}`, { cause });
  }
  const valid = headerValidator();
  if (valid(header)) return header;
  const [fault] = valid.errors ?? [];
  throw new RangeError(`its header is wrong: ${fault?.instancePath || '/'} ${fault?.message}`);
}
