import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Caveat } from '../../core/assessment/caveats.ts';
import type { DayFact } from '../../core/assessment/day-fact.ts';
import { DAY_MS, type Range } from '../../core/assessment/days.ts';
import { dayOfHour } from '../../core/assessment/score-day.ts';
import { InputError } from '../../core/input-error.ts';
import type { JudgeSettings } from '../../core/judge/settings.ts';
import { LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { loadArtefact, loadRelease } from '../../model-server/artefact.ts';
import { controlArtefact } from '../../model-server/control.ts';
import { openModel } from '../../model-server/models.ts';
import { trainingHours } from '../../model-server/split.ts';
import { train } from '../../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';
import { askScorer, readFacts } from './facts-file.ts';
import { offlineFacts } from './offline.ts';
import type { AssessOptions } from './options.ts';

export type Source = {
  facts: DayFact[];
  before: Range;
  after: Range;
  caveats: Caveat[];
  /** Where the facts are from, for the report. */
  from: string;
};

/** Three months. */
const WINDOW_DAYS = 90;

/** Brings the facts of both windows, from where the options say. */
export async function bringFacts(
  options: AssessOptions,
  judge: Pick<JudgeSettings, 'truth_delay_hours'>,
  onProgress: (what: string, share: number) => void,
): Promise<Source> {
  const { before, after, facts: files, scorer } = options;
  if (files.length === 0 && scorer === null) return fromTelemetry(options, judge, onProgress);
  if (before === null || after === null) throw new Error('recorded facts need both windows');
  const facts: DayFact[] = [];
  for (const file of files) facts.push(...(await readFacts(file)));
  if (scorer !== null) for (const range of [before, after]) facts.push(...(await askScorer(scorer, range)));
  const from = [...files.map((file) => path.basename(file)), ...(scorer === null ? [] : [scorer])].join(', ');
  return { facts, before, after, caveats: [], from: `recorded days: ${from}` };
}

async function fromTelemetry(
  options: AssessOptions,
  { truth_delay_hours }: Pick<JudgeSettings, 'truth_delay_hours'>,
  onProgress: (what: string, share: number) => void,
): Promise<Source> {
  const { registry } = options;
  const telemetry = await readTelemetry(options.telemetry ?? embeddedTelemetry);
  const stable = await opened(registry, '--stable', options.stable ?? (await controlArtefact(registry)));
  const digest =
    options.candidate ??
    (await train(telemetry, { seed: 1, registry, onProgress: (p) => onProgress('training', p.step / p.steps) })).digest;
  const candidate = await opened(registry, '--candidate', digest);
  const { before, after } = windows(telemetry, options);
  try {
    const onDay = (share: number) => onProgress('forecasting', share);
    const facts = await offlineFacts({ telemetry, truth_delay_hours, stable, candidate, before, after, onDay });
    const caveats = [...(await trainedOn(registry, candidate.model, after)), ...nested(options)];
    return {
      facts,
      before,
      after,
      caveats,
      from: `made from telemetry ${telemetry.name}, ${telemetry.stations.length} stations`,
    };
  } finally {
    stable.predictor.dispose();
    candidate.predictor.dispose();
  }
}

/** A release or a model by its digest. */
async function opened(registry: string, place: string, digest: string) {
  const is_release = existsSync(path.join(registry, registryPath.release(digest)));
  try {
    const model = is_release ? (await loadRelease(registry, digest)).model : digest;
    return { name: digest, model, predictor: await openModel(registry, model) };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place, message, fix: `name a release or model of ${registry}` }], { cause });
  }
}

/** Given windows, or three months on each side of the end of training: the candidate must not have seen what judges it. */
function windows(telemetry: Telemetry, { before, after }: AssessOptions): { before: Range; after: Range } {
  if (before !== null && after !== null) return { before, after };
  const trained_h = telemetry.start_h + trainingHours(telemetry);
  const shifted = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
  const from = shifted(dayOfHour(trained_h + LEADS), 1);
  const last = dayOfHour(telemetry.start_h + telemetry.hours - 24);
  const to = [shifted(from, WINDOW_DAYS - 1), last].sort()[0] ?? last;
  const end = shifted(from, -2);
  const first = shifted(dayOfHour(telemetry.start_h + LEADS), 1);
  const begin = [shifted(end, 1 - WINDOW_DAYS), first].sort()[1] ?? first;
  return { before: { from: begin, to: end }, after: { from, to } };
}

/** A learned model that saw part of the after window is better there than it will ever be again. */
async function trainedOn(registry: string, model: string, after: Range): Promise<Caveat[]> {
  const { manifest } = await loadArtefact(registry, model);
  if (manifest.kind !== 'dense' || manifest.data.to.slice(0, 10) < after.from) return [];
  return [
    {
      rule: 'trained-on-window',
      sentence: `The later release was trained on data up to ${manifest.data.to}, inside the after window: its error there is too small.`,
    },
  ];
}

/** A feeder is part of its substation: shares are right, sums are not. */
function nested({ telemetry }: AssessOptions): Caveat[] {
  if (telemetry !== null) return [];
  return [
    {
      rule: 'nested-stations',
      sentence:
        'Stations of the embedded set are parts of one another, so amounts of money count the same energy more than once; changes in percent do not.',
    },
  ];
}
