import { expect, test } from 'vitest';
import { releaseFlags } from '../core/compile/flags.ts';
import { stationArms } from './station-arms.ts';

const shares = { all: 10, control: 40, ensemble: 30, online: 20 };
const flags = releaseFlags({}, { default: 'control', expected: 'all', shares });
const stations = Array.from({ length: 4000 }, (_, i) => `station-${i}`);

async function armsOf(given: Record<string, unknown>, release = 'sha256:1'): Promise<string[]> {
  const { of } = await stationArms(release, given, Object.keys(shares));
  return Promise.all(stations.map(of));
}

test('every arm has its share of the stations', async () => {
  const arms = await armsOf(flags);
  for (const [arm, percent] of Object.entries(shares)) {
    const counted = arms.filter((each) => each === arm).length;
    const share = percent / 100;
    // Five standard deviations of a draw of so many stations.
    expect(Math.abs(counted - share * stations.length)).toBeLessThan(
      5 * Math.sqrt(share * (1 - share) * stations.length),
    );
  }
});

test('a station keeps its arm on every pod and in every release with the same shares', async () => {
  const arms = await armsOf(flags);
  expect(await armsOf(JSON.parse(JSON.stringify(flags)), 'sha256:2')).toEqual(arms);
  // As flagd's reference evaluator says: a change of its hash would move every station.
  expect(arms.slice(0, 8)).toMatchInlineSnapshot(`
    [
      "all",
      "control",
      "online",
      "ensemble",
      "control",
      "control",
      "ensemble",
      "control",
    ]
  `);
});

test('a share that grows at the end of the list keeps whoever had it', async () => {
  const grown = releaseFlags(
    {},
    { default: 'control', expected: 'all', shares: { ...shares, ensemble: 20, online: 30 } },
  );
  const [before, after] = [await armsOf(flags), await armsOf(grown)];
  expect(before.filter((arm, i) => arm === 'online' && after[i] !== 'online')).toEqual([]);
  expect(before.filter((arm, i) => arm !== after[i]).every((arm) => arm === 'ensemble')).toBe(true);
});

test('a flag with an arm that the release lacks, or with none, starts no server', async () => {
  await expect(stationArms('sha256:3', flags, ['control', 'all'])).rejects.toThrow(
    'sha256:3: its flag "arm" has ensemble, online, and its arms are control, all',
  );
  await expect(stationArms('sha256:3', {}, ['control', 'all'])).rejects.toThrow('its flag "arm" is missing');
});
