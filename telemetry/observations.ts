import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Station } from '../core/telemetry.ts';
import type { Description } from './description.ts';
import { type FaultList, isNoEntry } from './fault-list.ts';
import { Lines } from './lines.ts';
import { MOST_STATIONS } from './stations.ts';
import { type Observations, Table } from './table.ts';

/** Every station with the longest id. */
const MOST_HEADER_BYTES = 130 * (MOST_STATIONS + 1);
const MOST_CELL_BYTES = 64;

const nothing: Observations = { start_h: 0, hours: 0, values_kw: [] };

/**
 * Reads `observations.csv.gz` as a stream, so that a small file that unpacks to a huge one stops at the first limit it breaks.
 * The rows are cut by hand: their cells are plain numbers without quotes, csv-parse makes a string of each and then takes three
 * times the CPU of all this (425 against 130 ms for the embedded set). `stations.csv`, which people write, goes through csv-parse.
 */
export async function readObservations(
  folder: string,
  stations: readonly Station[] | undefined,
  description: Description,
  faults: FaultList,
): Promise<Observations> {
  const file = join(folder, 'observations.csv.gz');
  const table = new Table(file, stations, description, faults);
  const lines = new Lines(MOST_HEADER_BYTES, (bytes, start, end) => {
    table.line(bytes, start, end);
    lines.limit = MOST_CELL_BYTES * (table.columns + 1);
  });
  const packed = createReadStream(file);
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  packed.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      if (!lines.feed(chunk)) {
        faults.add(file, `has a line of over ${lines.limit} bytes`, 'end every row with a line break');
        return nothing;
      }
      if (table.full) return table.finish();
    }
    lines.end();
  } catch (error) {
    const fault = unreadable(error);
    if (fault === undefined) throw error;
    faults.add(file, ...fault);
    return nothing;
  } finally {
    packed.destroy();
  }
  return table.finish();
}

function unreadable(error: unknown): [message: string, fix: string] | undefined {
  if (isNoEntry(error)) return ['is missing', 'add it: time_utc and one column per station'];
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'Z_BUF_ERROR') return ['ends in the middle of its gzip stream', 'copy it again'];
  if (typeof error.code === 'string' && error.code.startsWith('Z_'))
    return [`is not gzip (${error.message})`, 'compress it with gzip'];
  return undefined;
}
