import { createHash } from 'node:crypto';

/** What a predictor has learned of all stations at one day boundary. */
export type LearnedTable = {
  /** A multiple of 24 hours since the epoch. */
  boundary_h: number;
  /** Numbers per station. */
  size: number;
  station_ids: readonly string[];
  /** Stations × size, in the order of `station_ids`. */
  states: Float64Array;
};

const MAGIC = 'gridramp learned states 1';
const DIGEST_BYTES = 32;
const DOUBLE_BYTES = 8;

/**
 * A line of JSON that says what follows, padded with spaces to a multiple of 8 bytes, then the states as little-endian doubles, then the
 * SHA-256 of all before it. Equal tables give equal bytes.
 */
export function encodeTable({ boundary_h, size, station_ids, states }: LearnedTable): Buffer {
  const header = Buffer.from(JSON.stringify({ magic: MAGIC, boundary_h, size, station_ids }));
  const padding = Buffer.alloc(DOUBLE_BYTES - (header.length % DOUBLE_BYTES), ' ');
  padding[padding.length - 1] = NEW_LINE;
  const body = Buffer.concat([header, padding, Buffer.from(states.buffer, states.byteOffset, states.byteLength)]);
  return Buffer.concat([body, sha256(body)]);
}

const NEW_LINE = 10;

/** Throws a RangeError that says what is wrong with bytes that are not a whole table. */
export function decodeTable(bytes: Uint8Array): LearnedTable {
  const body = bytes.subarray(0, -DIGEST_BYTES);
  if (bytes.length <= DIGEST_BYTES || !sha256(body).equals(bytes.subarray(-DIGEST_BYTES)))
    throw new RangeError(`its ${bytes.length} bytes do not have the digest that they end with`);
  const headerBytes = body.indexOf(NEW_LINE) + 1;
  const header: unknown = JSON.parse(Buffer.from(body.subarray(0, headerBytes)).toString('utf8'));
  if (!isHeader(header)) throw new RangeError(`its header is not one of "${MAGIC}"`);
  // A copy, because a view of doubles must start at a multiple of eight.
  const states = new Float64Array(new Uint8Array(body.subarray(headerBytes)).buffer);
  if (states.length !== header.station_ids.length * header.size)
    throw new RangeError(
      `it holds ${states.length} numbers for ${header.station_ids.length} stations of ${header.size}`,
    );
  return { boundary_h: header.boundary_h, size: header.size, station_ids: header.station_ids, states };
}

function isHeader(value: unknown): value is Omit<LearnedTable, 'states'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'magic' in value &&
    value.magic === MAGIC &&
    'boundary_h' in value &&
    Number.isInteger(value.boundary_h) &&
    'size' in value &&
    Number.isInteger(value.size) &&
    'station_ids' in value &&
    Array.isArray(value.station_ids) &&
    value.station_ids.every((id) => typeof id === 'string')
  );
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
