import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseSeconds } from '../../core/duration.ts';
import { InputError } from '../../core/input-error.ts';
import { readSeries, type SeriesFile } from './series-file.ts';
import { parseYaml, readInput } from './yaml-file.ts';

/** A release of the past: what was seen of it, and what is known of it now. */
export type PastRelease = {
  name: string;
  series: SeriesFile;
  /** Seconds after the first sample from which on it did harm; null: it was good. */
  harm_s: number | null;
};

type Written = { releases: { name: string; series: string; harm: string }[] };

const isWritten = new Ajv2020({ allErrors: true }).compile<Written>({
  type: 'object',
  required: ['releases'],
  additionalProperties: false,
  properties: {
    releases: {
      type: 'array',
      minItems: 1,
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
  if (!isWritten(written))
    throw new InputError(
      (isWritten.errors ?? []).map(({ instancePath, message, params }) => {
        const at = instancePath.split('/').slice(1);
        const key = params.additionalProperty;
        const place = source?.placeOf(key === undefined ? at : [...at, key]) ?? file;
        return { place, message: key === undefined ? `${message}` : `"${key}" is not known here`, fix: FIX };
      }),
    );
  return await Promise.all(
    written.releases.map(async ({ name, series, harm }) => ({
      name,
      series: await readSeries(path.join(path.dirname(file), series)),
      harm_s: harm === 'none' ? null : harm === '0s' ? 0 : parseSeconds(harm),
    })),
  );
}
