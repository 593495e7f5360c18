import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { boundLog, LOG_MAX_BYTES, lastLines, sizeOf } from './process-log.ts';

test('a log that grew too long keeps its last part beside it and goes on from nothing', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gridramp-log-'));
  try {
    const log = join(dir, 'x.log');
    appendFileSync(log, `${'x'.repeat(LOG_MAX_BYTES)}\n`);
    boundLog(log);
    appendFileSync(log, 'first\nlast\n');
    expect(readFileSync(log, 'utf8')).toBe('first\nlast\n');
    expect(sizeOf(`${log}.1`)).toBe(1024 * 1024);
    expect(lastLines(log, 1)).toBe('last');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
