import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hourOfIso } from '../core/telemetry.ts';
import { readFlags } from './flags.ts';
import { embeddedTelemetry } from './read.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-flags-'));
  await copyFile(join(embeddedTelemetry, 'stations.csv'), join(folder, 'stations.csv'));
  await writeFile(join(folder, 'telemetry.json'), '{"unit": "MW", "hour": "starting"}');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string) => writeFile(join(folder, 'flags.csv.gz'), gzipSync(text));

describe('flags of a set', () => {
  it('are none when the set has no such file', async () => {
    expect(await readFlags(folder)).toEqual([]);
  });

  it('come in kW and named by the end of their hour, null where nothing was read', async () => {
    await write(
      'time_utc,station_id,category,raw\n2016-01-01T00:00Z,MV1.102,STUCK,1.5\n2016-01-01T01:00Z,LV1.101,MISSING,\n',
    );
    const first_h = hourOfIso('2016-01-01T01:00:00Z');
    expect(await readFlags(folder)).toEqual([
      { station_id: 'MV1.102', hour: first_h, category: 'STUCK', raw_kw: 1500 },
      { station_id: 'LV1.101', hour: first_h + 1, category: 'MISSING', raw_kw: null },
    ]);
  });

  it('have their faults named', async () => {
    await write('time_utc,station,category,raw\n2016-01-01T00:30Z,X,STUCK,much\n');
    const file = join(folder, 'flags.csv.gz');
    await expect(readFlags(folder)).rejects.toThrow(
      [
        `${file} row 1: is headed "time_utc,station,category,raw"; head it time_utc,station_id,category,raw`,
        `${file} row 2 column time_utc: "2016-01-01T00:30Z" is not a full hour; give hourly means`,
        `${file} row 2 column station_id: "X" is no station; add it to stations.csv`,
        `${file} row 2 column raw: "much" is not a number; mend it, or leave it empty for no reading`,
      ].join('\n'),
    );
  });
});
