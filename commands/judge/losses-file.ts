import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { FaultList, isNoEntry } from '../../telemetry/fault-list.ts';
import { type LossesRead, LossRows } from './loss-rows.ts';
import { NotUtf8, Utf8Lines } from './utf8-lines.ts';

const MOST_BYTES = 4 * 2 ** 30;
const MOST_RECORD_BYTES = 4096;

/**
 * Reads a file of paired losses, plain or gzipped, as a stream. Throws one InputError with every fault as `FILE:row column NAME`, or the
 * first 20 and how many more there are.
 */
export async function readLosses(file: string): Promise<LossesRead> {
  const faults = new FaultList();
  const rows = new LossRows(file, faults);
  try {
    await feed(file, rows);
  } catch (error) {
    const fault = unreadable(error);
    if (fault === undefined) throw error;
    // Where reading stopped before the end, the parser lacks the rest.
    if (!rows.full) faults.add(placeOf(error, file), ...fault);
  }
  // What a broken file lacks is not told as well.
  const read = faults.empty ? rows.finish() : null;
  faults.throwIfAny(file);
  if (read === null) throw new Error(`${file} gave neither losses nor a fault`);
  return read;
}

async function feed(file: string, rows: LossRows): Promise<void> {
  const parser = parse({
    bom: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_RECORD_BYTES,
    // Nothing is handed on, so that no record becomes an object of a stream.
    on_record: (cells: string[], { lines }) => {
      rows.take(cells, lines);
      return null;
    },
  });
  parser.resume();
  const gzip = await isGzip(file);
  const packed = createReadStream(file);
  const source = gzip ? packed.pipe(createGunzip()) : packed;
  packed.on('error', (error) => source.destroy(error));
  try {
    await pipeline(source, (chunks: AsyncIterable<Buffer>) => bounded(chunks, rows), parser);
  } finally {
    packed.destroy();
  }
}

async function* bounded(chunks: AsyncIterable<Buffer>, rows: LossRows): AsyncGenerator<Buffer> {
  let bytes = 0;
  const lines = new Utf8Lines();
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RangeError(`more than ${MOST_BYTES} bytes`);
    // What lies behind a broken limit is not read.
    if (rows.full) return;
    lines.take(chunk);
    yield chunk;
  }
  lines.end();
}

/** By its first two bytes: names lie. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await handle.close();
  }
}

function placeOf(error: unknown, file: string): string {
  const line: unknown = error instanceof CsvError ? error.lines : error instanceof NotUtf8 ? error.line : undefined;
  return typeof line === 'number' ? `${file}:${line}` : file;
}

function unreadable(error: unknown): [message: string, fix: string] | undefined {
  if (isNoEntry(error)) return ['there is no such file', 'name a file of losses'];
  if (error instanceof NotUtf8) return ['is not UTF-8 text', 'save the file as UTF-8 (CSV UTF-8 in Excel)'];
  if (error instanceof CsvError) return [`is not CSV (${error.message})`, 'mend the row'];
  if (error instanceof RangeError) return [`has ${error.message}`, 'split it'];
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error.code === 'EISDIR') return ['is a folder', 'name a file of losses'];
  if (error.code === 'EACCES') return ['may not be read', 'give yourself the right to read it'];
  if (error.code === 'Z_BUF_ERROR') return ['ends in the middle of its gzip stream', 'copy it again'];
  if (error.code.startsWith('Z_')) return [`is damaged gzip (${error.message})`, 'copy it again'];
  return undefined;
}
