import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Assessment } from '../../core/assessment/assess.ts';
import type { DayFact } from '../../core/assessment/day-fact.ts';
import { DAY_MS, type Range } from '../../core/assessment/days.ts';
import { dayOfHour } from '../../core/assessment/score-day.ts';
import { type UsageJoin, withUsage } from '../../core/assessment/usage.ts';
import { plural } from '../../core/assessment/words.ts';
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
import { readNotice } from '../../telemetry/description.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';
import { machineName } from '../machine.ts';
import { makeFolder } from '../make-folder.ts';
import { askScorer, readFacts } from './facts-file.ts';
import { offlineFacts } from './offline.ts';
import type { AssessOptions } from './options.ts';
import { askPrometheus } from './prometheus.ts';

export type Source = {
  facts: DayFact[];
  before: Range;
  after: Range;
  from: Assessment['from'];
  /** What the licence of the telemetry asks a report to say. */
  notice: string;
};

/** Three months. */
const WINDOW_DAYS = 90;

/** Brings the facts of both windows, from where the options say. */
export async function bringFacts(
  options: AssessOptions,
  judge: Pick<JudgeSettings, 'truth_delay_hours'>,
  onProgress: (what: string, share: number) => void,
): Promise<Source> {
  const { before, after, facts: files, scorer, prometheus } = options;
  if (files.length === 0 && scorer === null) return fromTelemetry(options, judge, onProgress);
  if (before === null || after === null) throw new Error('recorded facts need both windows');
  const facts: DayFact[] = [];
  for (const file of files) facts.push(...(await readFacts(file)));
  checkOnce(facts);
  if (scorer !== null) for (const range of [before, after]) facts.push(...(await askScorer(scorer, range)));
  const place = scorer ?? files.map((file) => path.basename(file)).join(', ');
  checkWindows(facts, { '--before': before, '--after': after }, place);
  const found = {
    before,
    after,
    notice: '',
    from: { facts: `recorded days of ${place}`, resources: null },
  };
  if (prometheus === null) return { ...found, facts };
  const joined = withUsage(facts, await askPrometheus(prometheus, facts, [before, after]));
  return { ...found, facts: joined.facts, from: { ...found.from, resources: joinSentence(prometheus, joined.days) } };
}

/** Each file holds a fact once; two files may hold the same. */
function checkOnce(facts: readonly DayFact[]): void {
  const known = new Set<string>();
  for (const { day, role, release, arm } of facts) {
    const key = [day, role, release, arm].join(' ');
    if (known.has(key))
      throw new InputError([
        { place: '--facts', message: `two of the files have a fact of ${key}`, fix: 'give files of different days' },
      ]);
    known.add(key);
  }
}

/** A window in which nothing served is a mistake of whoever named it, or of whoever brought the facts. */
function checkWindows(facts: readonly DayFact[], windows: Record<string, Range>, place: string): void {
  const days = facts.flatMap(({ day, role }) => (role === 'serving' ? [day] : [])).sort();
  const there = days.length === 0 ? 'none at all' : `they are of ${days[0]} to ${days.at(-1)}`;
  const faults = Object.entries(windows).flatMap(([flag, { from, to }]) =>
    days.some((day) => day >= from && day <= to)
      ? []
      : [
          {
            place: flag,
            message: `${place} has no facts of a release that served in ${from}..${to}: ${there}`,
            fix: 'name days that it has; facts of a day are made three days after it',
          },
        ],
  );
  if (faults.length > 0) throw new InputError(faults);
}

/** Where CPU, memory and failed calls come from, and for how many days not. */
function joinSentence(prometheus: string, { joined, no_pods, no_usage, other_counts }: UsageJoin): string {
  const total = joined + no_pods + no_usage + other_counts;
  const missing = [
    [no_pods, 'do not say which pods served'],
    [no_usage, 'have no metrics there of these pods'],
    [other_counts, 'have other numbers of forecasts there than the scorer counted'],
  ] as const;
  const said = missing.filter(([days]) => days > 0).map(([days, why]) => `${days} ${why}`);
  return `CPU, memory and failed calls of ${joined} of ${plural(total, 'day')} from Prometheus, ${prometheus}${said.length === 0 ? '' : `; ${said.join(', ')}`}`;
}

async function fromTelemetry(
  options: AssessOptions,
  { truth_delay_hours }: Pick<JudgeSettings, 'truth_delay_hours'>,
  onProgress: (what: string, share: number) => void,
): Promise<Source> {
  const { registry } = options;
  await makeFolder('--registry', registry);
  const folder = options.telemetry ?? embeddedTelemetry;
  const telemetry = await readTelemetry(folder);
  const stable = await opened(registry, '--stable', options.stable ?? (await controlArtefact(registry)));
  const digest =
    options.candidate ??
    (await train(telemetry, { seed: 1, registry, onProgress: (p) => onProgress('training', p.step / p.steps) })).digest;
  const candidate = await opened(registry, '--candidate', digest);
  const { before, after } = windows(telemetry, options);
  try {
    const onDay = (share: number) => onProgress('forecasting', share);
    const made = await offlineFacts({ telemetry, truth_delay_hours, stable, candidate, before, after, onDay });
    const trained = new Map<string, string | null>();
    for (const { name, model } of [stable, candidate]) trained.set(name, await trainedTo(registry, model));
    // The embedded set has substations beside their feeders.
    const nested_stations = options.telemetry === null;
    return {
      facts: made.map((fact) => ({ ...fact, trained_to: trained.get(fact.release) ?? null, nested_stations })),
      before,
      after,
      from: {
        facts: `made from telemetry ${telemetry.name}, ${telemetry.stations.length} stations`,
        resources: `CPU of this command while it forecast these days: ${machineName()}`,
      },
      notice: await readNotice(folder),
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

/** The day up to which a model learned; null where it did not. */
async function trainedTo(registry: string, model: string): Promise<string | null> {
  const { manifest } = await loadArtefact(registry, model);
  return manifest.kind === 'dense' ? manifest.data.to.slice(0, 10) : null;
}
