import { closeSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync, writeFileSync } from 'node:fs';

/** A log that grows beyond this is cut down to its last part. */
export const LOG_MAX_BYTES = 8 * 1024 * 1024;
const LOG_KEPT_BYTES = 1024 * 1024;
/** Most that a probe or an error reads of a log. */
const READ_MAX_BYTES = 1024 * 1024;

/** The log from a byte on, at most the last MiB of it. */
export function readFrom(file: string, from: number): string {
  if (!existsSync(file)) return '';
  const handle = openSync(file, 'r');
  try {
    const size = fstatSync(handle).size;
    const start = Math.max(Math.min(from, size), size - READ_MAX_BYTES);
    const bytes = Buffer.alloc(size - start);
    const length = readSync(handle, bytes, 0, bytes.length, start);
    return bytes.subarray(0, length).toString('utf8');
  } finally {
    closeSync(handle);
  }
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

export function lastLines(file: string, count: number): string {
  return readFrom(file, Math.max(0, sizeOf(file) - 16_384))
    .trimEnd()
    .split('\n')
    .slice(-count)
    .join('\n');
}

/** Programs append straight to their log, so it may be emptied under them; its last part moves to `<file>.1`. */
export function boundLog(file: string): void {
  const size = sizeOf(file);
  if (size <= LOG_MAX_BYTES) return;
  writeFileSync(`${file}.1`, readFrom(file, size - LOG_KEPT_BYTES), { mode: 0o600 });
  truncateSync(file);
}
