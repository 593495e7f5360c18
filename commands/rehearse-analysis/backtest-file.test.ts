import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readReleases } from './backtest-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gridramp-backtest-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const list = join(folder, 'releases.yaml');
const readList = (releases: string) => {
  writeFileSync(list, `releases:\n${releases}`);
  return readReleases(list);
};
const release = (series: string, harm = 'none') => `  - { name: march, series: ${series}, harm: ${harm} }\n`;

test('Series that together fill the memory are refused before they are read', async () => {
  for (const name of ['a.om', 'b.om']) {
    writeFileSync(join(folder, name), '');
    truncateSync(join(folder, name), 140 * 2 ** 20);
  }
  await expect(readList(release('a.om') + release('b.om'))).rejects.toThrow(
    `${list}:3:20 releases.1.series: with "${join(folder, 'b.om')}" the series are more than 256 MiB; split the list`,
  );
});

test('More releases than are ever compared are refused', async () => {
  await expect(readList(release('a.yaml').repeat(101))).rejects.toThrow('must NOT have more than 100 items');
});

test('Harm that no release lives to do is refused', async () => {
  await expect(readList(release('a.yaml', '9999d'))).rejects.toThrow(
    `${list}:2:36 releases.0.harm: "9999d" is more than ten years; write `,
  );
});
