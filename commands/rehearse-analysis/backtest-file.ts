import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseSeconds } from '../../core/duration.ts';
import { InputError } from '../../core/input-error.ts';
import { parseYaml, readInput, type Source } from '../yaml-file.ts';
import { readSeries, type SeriesFile } from './series-file.ts';
import { isTooLong } from './time.ts';

/** A release of the past: what was seen of it, and what is known of it now. */
export type PastRelease = {
  name: string;
  series: SeriesFile;
  /** Seconds after the first sample from which on it did harm; null: it was good. */
  harm_s: number | null;
};

type Written = { releases: { name: string; series: string; harm: string }[] };

/** All series are in memory at once. */
const MOST_RELEASES = 100;
const MOST_MIB = 256;

const isWritten = new Ajv2020({ allErrors: true }).compile<Written>({
  type: 'object',
  required: ['releases'],
  additionalProperties: false,
  properties: {
    releases: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_RELEASES,
      items: {
        type: 'object',
        required: ['name', 'series', 'harm'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', minLength: 1 },
          series: { type: 'string', minLength: 1 },
          harm: { type: 'string', pattern: '^(none|0s|[1-9][0-9]{0,7}[smhd])$' },
        },
      },
    },
  },
});

const FIX =
  'write releases: [{name: 2026-03, series: 2026-03.yaml, harm: none}], harm being none or the time from which on, like 26h';

/** Reads the list of releases and their series, whose files are named from the list's folder. Throws an InputError with what is wrong. */
export async function readReleases(file: string): Promise<PastRelease[]> {
  const [source] = parseYaml(await readInput('--backtest', file), file);
  const written = source?.value;
  if (source === undefined || !isWritten(written))
    throw new InputError(
      (isWritten.errors ?? []).map(({ instancePath, message, params }) => {
        const at = instancePath.split('/').slice(1);
        const key = params.additionalProperty;
        const place = source?.placeOf(key === undefined ? at : [...at, key]) ?? file;
        return { place, message: key === undefined ? `${message}` : `"${key}" is not known here`, fix: FIX };
      }),
    );
  const releases = written.releases.map(({ name, series, harm }, at) => ({
    ...{ name, file: path.join(path.dirname(file), series) },
    harm_s: harmOf(harm, source.placeOf(['releases', at, 'harm'])),
  }));
  await refuseTooMuch(
    releases.map((release) => release.file),
    source,
  );
  return await Promise.all(
    releases.map(async ({ name, file, harm_s }) => ({ name, harm_s, series: await readSeries(file) })),
  );
}

function harmOf(written: string, place: string): number | null {
  if (written === 'none') return null;
  const harm_s = written === '0s' ? 0 : parseSeconds(written);
  if (isTooLong(harm_s)) throw new InputError([{ place, message: `"${written}" is more than ten years`, fix: FIX }]);
  return harm_s;
}

async function refuseTooMuch(files: readonly string[], { placeOf }: Source): Promise<void> {
  let bytes = 0;
  for (const [at, file] of files.entries()) {
    // What is not there is told when it is read.
    bytes += (await stat(file).catch(() => null))?.size ?? 0;
    if (bytes <= MOST_MIB * 2 ** 20) continue;
    const message = `with "${file}" the series are more than ${MOST_MIB} MiB`;
    const fix = 'split the list, or leave out series or time that no query needs';
    throw new InputError([{ place: placeOf(['releases', at, 'series']), message, fix }]);
  }
}
