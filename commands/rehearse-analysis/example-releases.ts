/**
 * Releases of the past, made up from a seed: the share of forecasts that came from the fallback, looked at every five minutes for two days.
 * Every release has noise and a bad quarter of an hour; the harmful ones rise for good at an hour of their own.
 * `node commands/rehearse-analysis/example-releases.ts FOLDER` writes them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { normalOf, randomOf } from '../../core/random.ts';

const SEED = 7;
const RELEASES = 12;
const HARMFUL = 5;
const HOURS = 48;
const LOOKS_PER_HOUR = 12;
/** Shares: what is usual, its deviation, what a bad quarter of an hour adds, and the least and most that harm adds. */
const USUAL = 0.02;
const DEVIATION = 0.006;
const HICCUP = 0.06;
const HARM = { least: 0.02, most: 0.12 };

/** A template whose threshold is an argument: two looks of all may be above it, wherever they are; the third one fails it. */
export const template = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'fallback' },
  spec: {
    args: [{ name: 'most', value: '0.1' }],
    metrics: [
      {
        name: 'fallback',
        interval: '5m',
        count: HOURS * LOOKS_PER_HOUR,
        failureLimit: 2,
        successCondition: 'len(result) == 1 && result[0] <= {{args.most}}',
        failureCondition: 'len(result) == 1 && result[0] > {{args.most}}',
        provider: { prometheus: { address: 'http://prometheus:9090', query: 'fallback_share' } },
      },
    ],
  },
};

/** Writes the list, the series and the template; the names of list and template. */
export function writeExampleReleases(folder: string): { list: string; template: string } {
  const random = randomOf(SEED);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), stringify(value, { lineWidth: 0 }));
    return join(folder, name);
  };
  const releases = Array.from({ length: RELEASES }, (_, n) => {
    const harm_h = n < HARMFUL ? 6 + Math.floor(random() * 30) : null;
    const rise = HARM.least + (HARM.most - HARM.least) * random();
    const hiccup = Math.floor(random() * HOURS * LOOKS_PER_HOUR);
    const shares = Array.from({ length: HOURS * LOOKS_PER_HOUR }, (_, look) => {
      const harmed = harm_h !== null && look >= harm_h * LOOKS_PER_HOUR ? rise : 0;
      const stumbled = look >= hiccup && look < hiccup + 3 ? HICCUP : 0;
      return Math.max(0, USUAL + DEVIATION * normalOf(random) + harmed + stumbled).toFixed(4);
    });
    const name = `release-${String(n + 1).padStart(2, '0')}`;
    write(`${name}.yaml`, { interval: '5m', series: { fallback_share: shares.join(' ') } });
    return { name, series: `${name}.yaml`, harm: harm_h === null ? 'none' : `${harm_h}h` };
  });
  return { list: write('releases.yaml', { releases }), template: write('fallback.yaml', template) };
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder !== undefined) writeExampleReleases(folder);
