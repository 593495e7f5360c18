import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseSeconds } from '../../core/duration.ts';
import { type Fault, InputError } from '../../core/input-error.ts';
import { parseYaml, readInput, type Source } from '../yaml-file.ts';
import type { AnalysisFault, AnalysisRequest } from './analysis-run.ts';
import { isPlausible, isTooLong, parseTime, timeFix } from './time.ts';

/** Series, and how to say where one of them is at fault. */
export type SeriesFile = Pick<AnalysisRequest, 'series' | 'outages'> & {
  placeOf: (fault: AnalysisFault) => string;
};

type WrittenSeries = {
  interval: string;
  start?: string;
  series: Record<string, string>;
  outages?: { from: string; for: string }[];
};

const DURATION = '^[1-9][0-9]{0,7}[smhd]$';
const isWrittenSeries = new Ajv2020({ allErrors: true }).compile<WrittenSeries>({
  type: 'object',
  required: ['interval', 'series'],
  additionalProperties: false,
  properties: {
    interval: { type: 'string', pattern: DURATION },
    start: { type: 'string' },
    series: { type: 'object', minProperties: 1, additionalProperties: { type: 'string' } },
    outages: {
      type: 'array',
      items: {
        type: 'object',
        required: ['from', 'for'],
        additionalProperties: false,
        properties: {
          from: { type: 'string', pattern: '^(0|[1-9][0-9]{0,7})[smhd]$' },
          for: { type: 'string', pattern: DURATION },
        },
      },
    },
  },
});

/** When made-up series begin that say nothing of it. */
const MADE_UP_START = '2026-01-01T00:00:00Z';

/** Reads series: YAML or JSON in promtool's notation, anything else as OpenMetrics text. Throws an InputError with what is wrong. */
export async function readSeries(file: string): Promise<SeriesFile> {
  const text = await readInput('--series', file);
  return /\.(ya?ml|json)$/.test(file) ? parseNotation(text, file) : parseOpenMetrics(text, file);
}

export function parseNotation(text: string, file: string): SeriesFile {
  const [source] = parseYaml(text, file);
  if (source === undefined) throw new InputError([{ place: file, message: 'is empty', fix: EXAMPLE }]);
  const written = source.value;
  if (!isWrittenSeries(written)) throw new InputError(shapeFaults(source));
  const start_ms = parseTime(written.start ?? MADE_UP_START);
  if (start_ms === null) {
    const message = `"${written.start}" is no time from 2000 to 2099`;
    throw new InputError([{ place: source.placeOf(['start']), message, fix: timeFix }]);
  }
  const long = [...tooLong(written, source), ...tooMany(written, source)];
  if (long.length > 0) throw new InputError(long);
  const interval_s = parseSeconds(written.interval);
  const notation = Object.entries(written.series).map(([series, values]) => ({ series, values }));
  const at = (offset_s: number) => new Date(start_ms + offset_s * 1000).toISOString();
  const outages = (written.outages ?? []).map(({ from, for: lasting }) => {
    const from_s = /^0/.test(from) ? 0 : parseSeconds(from);
    return { start: at(from_s), end: at(from_s + parseSeconds(lasting)) };
  });
  return {
    series: { notation, from: at(0), interval_s },
    outages,
    placeOf: ({ at }) => source.placeOf(['series', notation[at]?.series ?? '']),
  };
}

/** Durations that no analysis has. */
function tooLong({ interval, outages = [] }: WrittenSeries, { placeOf }: Source): Fault[] {
  const durations = [
    { path: ['interval'], written: interval },
    ...outages.flatMap((outage, at) =>
      (['from', 'for'] as const).map((key) => ({ path: ['outages', at, key], written: outage[key] })),
    ),
  ];
  return durations
    .filter(({ written }) => !/^0/.test(written) && isTooLong(parseSeconds(written)))
    .map(({ path, written }) => ({
      place: placeOf(path),
      message: `"${written}" is more than ten years`,
      fix: 'write one like 30s, 5m, 6h or 14d',
    }));
}

/** Eleven months of every half minute; each value becomes a sample in memory. */
const MOST_VALUES = 1_000_000;

/** Series whose repetitions, as in 1x30, are more than a run can take. */
function tooMany({ series }: WrittenSeries, { placeOf }: Source): Fault[] {
  return Object.entries(series).flatMap(([name, values]) => {
    const repeated = [...values.matchAll(/x(\d+)(?!\S)/g)].reduce((sum, [, times]) => sum + Number(times), 0);
    if (repeated <= MOST_VALUES) return [];
    const message = `its repetitions are more than ${MOST_VALUES} values`;
    return { place: placeOf(['series', name]), message, fix: 'repeat less often, or write a longer interval' };
  });
}

const EXAMPLE = `write interval: 1m and series: {'up{job="a"}': '1x30'}`;

function shapeFaults({ placeOf }: Source) {
  return (isWrittenSeries.errors ?? []).map(({ instancePath, message, params }) => {
    const path = instancePath
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const key = params.additionalProperty;
    return {
      place: placeOf(key ? [...path, key] : path),
      message: key ? `"${key}" is not known here` : `${message}`,
      fix: EXAMPLE,
    };
  });
}

/** Recorded series: Prometheus' own parser tells what is wrong with them, save times that are none of a release. */
export function parseOpenMetrics(text: string, file: string): SeriesFile {
  const wrong = wrongTime(text);
  if (wrong !== null)
    throw new InputError([
      {
        place: `${file}:${wrong.line}:${wrong.column}`,
        message: `"${wrong.time}" is no time from 2000 to 2099`,
        fix: 'write seconds since 1970 like 1767225600.000, as promtool tsdb dump-openmetrics does',
      },
    ]);
  return { series: { openmetrics: text }, outages: [], placeOf: ({ at }) => `${file} after ${at} samples` };
}

/** The first sample whose time, the number behind its value, is not in seconds since 1970. Lines that Prometheus' parser refuses are left to it. */
function wrongTime(text: string): { line: number; column: number; time: string } | null {
  let line = 0;
  for (let begin = 0; begin < text.length; ) {
    const end = text.indexOf('\n', begin) < 0 ? text.length : text.indexOf('\n', begin);
    const written = text.slice(begin, end);
    line++;
    begin = end + 1;
    const [, before, time] = /^([^#{\s][^{\s]*(?:\{.*\})? \S+ )(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*$/.exec(written) ?? [];
    if (before !== undefined && time !== undefined && !isPlausible(1000 * Number(time)))
      return { line, column: before.length + 1, time };
  }
  return null;
}
