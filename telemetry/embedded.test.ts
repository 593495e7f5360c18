import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isoOfHour } from '../core/telemetry.ts';
import { embeddedTelemetry, readTelemetry } from './read.ts';

describe('the embedded set', () => {
  it('is the derived one: digest, stations, hours', async () => {
    const description: unknown = JSON.parse(await readFile(join(embeddedTelemetry, 'telemetry.json'), 'utf8'));
    const bytes = gunzipSync(await readFile(join(embeddedTelemetry, 'observations.csv.gz')));
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(digest).toBe('23b6522b0a7670a4f4ad7fbf41c3d6d4eddcf9ea56f697ab007a1326d58ea551');
    expect(description).toMatchObject({ observations_csv_sha256: digest });

    const set = await readTelemetry(embeddedTelemetry);
    expect(set).toMatchObject({ name: 'SimBench load series, 2016', hours: 8784 });
    expect(isoOfHour(set.start_h)).toBe('2016-01-01T00:00:00Z');
    const kinds = Object.groupBy(set.stations, ({ kind }) => kind ?? '');
    expect(Object.fromEntries(Object.entries(kinds).map(([kind, stations]) => [kind, stations?.length]))).toEqual({
      'lv-feeder': 28,
      'ehv-load': 25,
      'mv-feeder': 24,
      'mv-customer': 18,
      'mv-node': 11,
      'lv-station': 6,
      'mv-substation': 3,
    });
    expect(set.values_kw.every((series) => series.length === 8784 && series.every((kw) => kw >= 0))).toBe(true);
  });

  it('carries its licence', async () => {
    const notice = await readFile(join(embeddedTelemetry, 'LICENCE.md'), 'utf8');
    expect(notice).toContain(
      'Contains information from SimBench, made available under the Open Database License (ODbL) 1.0.',
    );
    expect(notice).toContain('http://opendatacommons.org/licenses/dbcl/1.0/');
  });
});
