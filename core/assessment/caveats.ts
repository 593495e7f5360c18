import type { Success } from '../plan-types.ts';
import { type AccuracyReport, controlMoved } from './accuracy.ts';
import { LEAST_PAIRED_DAYS } from './compare.ts';
import { daysBetween, driftEvents, servedAlone, stationSums, type Window } from './days.ts';
import { leastScores, type PeopleReport } from './people.ts';
import { isWhole, type ResourceReport } from './resources.ts';
import { lower, plural } from './words.ts';

export type CaveatRule =
  | 'seasons-differ'
  | 'no-concurrent-control'
  | 'control-moved'
  | 'short-window'
  | 'overlapping-releases'
  | 'overlapping-effects'
  | 'same-release'
  | 'trained-on-window'
  | 'nested-stations'
  | 'missing-truth'
  | 'missing-latency'
  | 'missing-feedback'
  | 'missing-engagement'
  | 'missing-resources'
  | 'missing-drift';

/** Something that the numbers cannot say, in a sentence. */
export type Caveat = { rule: CaveatRule; sentence: string };

/** Three months: the strategy's comparison. */
const FULL_WINDOW_DAYS = 89;
const LEAST_COVERAGE = 0.9;
/** A control whose own error moved this far was not forecasting the same world. */
const CONTROL_MOVED = 0.2;
const MOST_COMMON_SEASON = 0.5;

export type Recorded = {
  before: Window;
  after: Window;
  accuracy: AccuracyReport;
  people: PeopleReport;
  success: Success;
  resources: ResourceReport;
  has_latency: boolean;
};

/** Everything that cannot be concluded, rule by rule. */
export function caveatsOf(recorded: Recorded): Caveat[] {
  return [
    seasons(recorded),
    concurrentControl(recorded),
    moved(recorded),
    ...[recorded.before, recorded.after].flatMap((window, i) => windowCaveats(window, i === 0 ? 'before' : 'after')),
    trainedOn(recorded),
    nested(recorded),
    sameRelease(recorded),
    ...missing(recorded),
  ].filter((caveat) => caveat !== null);
}

function seasons({ before, after }: Recorded): Caveat | null {
  const calendar = ({ from, to }: Window) => daysBetween({ from, to }).map((day) => day.slice(5));
  const earlier = new Set(calendar(before));
  const common = calendar(after).filter((day) => earlier.has(day)).length / after.length_days;
  if (common >= MOST_COMMON_SEASON) return null;
  return {
    rule: 'seasons-differ',
    sentence: `The windows lie in different seasons (${before.from} to ${before.to}, ${after.from} to ${after.to}): how the two releases would compare in the other season is not known.`,
  };
}

function concurrentControl({ before, after, accuracy }: Recorded): Caveat | null {
  const days = after.days.filter(({ beside }) =>
    beside.some(({ release }) => before.releases.includes(release)),
  ).length;
  if (days >= LEAST_PAIRED_DAYS || accuracy.mae?.method === 'paired') return null;
  return {
    rule: 'no-concurrent-control',
    sentence: `The earlier release forecast beside the later one on ${plural(days, 'day')} of the after window, fewer than ${LEAST_PAIRED_DAYS}: the comparison leans on the seasonal forecast as a yardstick, and what changed for one kind of model only is not told apart from the release.`,
  };
}

function moved({ before, after }: Recorded): Caveat | null {
  const change = controlMoved(before, after);
  if (change === null || Math.abs(change) < CONTROL_MOVED) return null;
  return {
    rule: 'control-moved',
    sentence: `The yardstick's own error was ${lower(change)} in the after window: the days were not alike, and a comparison across them may not carry over.`,
  };
}

function windowCaveats(window: Window, name: 'before' | 'after'): Caveat[] {
  const caveats: Caveat[] = [];
  const served = window.days.filter(({ serving }) => serving.length > 0).length;
  if (served < FULL_WINDOW_DAYS)
    caveats.push({
      rule: 'short-window',
      sentence: `The ${name} window has ${plural(served, 'day')} with facts; three months were asked for.`,
    });
  if (window.releases.length > 1)
    caveats.push({
      rule: 'overlapping-releases',
      sentence: `${window.releases.length} releases served in the ${name} window: what it shows is not the work of one.`,
    });
  const shared = window.days.filter((day) => day.serving.length > 0 && servedAlone(day).length === 0).length;
  if (shared > 0)
    caveats.push({
      rule: 'overlapping-effects',
      sentence: `On ${plural(shared, 'day')} of the ${name} window two releases served side by side (a ramp): they are left out.`,
    });
  const coverage = coverageOf(window);
  if (coverage !== null && coverage < LEAST_COVERAGE)
    caveats.push({
      rule: 'missing-truth',
      sentence: `Only ${(100 * coverage).toFixed(1)} % of the ${name} window's station-hours could be scored; what the others would have shown is not known.`,
    });
  return caveats;
}

/** Scored share of the station-hours that the serving releases were expected to have. */
function coverageOf({ days }: Window): number | null {
  const facts = days.flatMap(({ serving }) => serving);
  const expected = facts.reduce((sum, fact) => sum + fact.expected_station_hours, 0);
  const scored = [...stationSums(facts).values()].reduce((sum, [hours]) => sum + hours, 0);
  return expected === 0 ? null : scored / expected;
}

function sameRelease({ before, after }: Recorded): Caveat | null {
  const both = before.releases.filter((release) => after.releases.includes(release));
  if (both.length === 0) return null;
  return {
    rule: 'same-release',
    sentence: `${plural(both.length, 'release')} served in both windows: what did not change cannot have an effect.`,
  };
}

/** A learned model that saw part of the after window is better there than it will ever be again. */
function trainedOn({ after }: Recorded): Caveat | null {
  const seen = after.days.flatMap(({ day, serving }) =>
    serving.flatMap(({ trained_to }) => (trained_to !== null && trained_to >= day ? [trained_to] : [])),
  );
  const last = seen.sort().at(-1);
  if (last === undefined) return null;
  return {
    rule: 'trained-on-window',
    sentence: `The later release was trained on data up to ${last}, inside the after window: its error there is too small.`,
  };
}

/** A feeder is part of its substation: shares are right, sums are not. */
function nested({ before, after }: Recorded): Caveat | null {
  const serving = [...before.days, ...after.days].flatMap((day) => day.serving);
  if (!serving.some(({ nested_stations }) => nested_stations)) return null;
  return {
    rule: 'nested-stations',
    sentence:
      'Stations of this set are parts of one another, so amounts of money count the same energy more than once; changes in percent do not.',
  };
}

function resourceCaveat({ before, after }: ResourceReport): Caveat | null {
  const rule = 'missing-resources';
  if (before === null || after === null)
    return {
      rule,
      sentence: 'CPU and memory were not recorded in both windows: what the later release costs to run is not known.',
    };
  if (isWhole(before) && isWhole(after))
    return before.memory_gb_h !== null && after.memory_gb_h !== null
      ? null
      : {
          rule,
          sentence: 'Memory was not recorded in both windows: what the later release costs to run is known in part.',
        };
  return {
    rule,
    sentence: `CPU and memory were recorded on ${before.days} of ${plural(before.of_days, 'day')} before and ${after.days} of ${after.of_days} after: what a forecast takes is said for those, what the later release costs to run over the window is not known.`,
  };
}

function missing({ success, people, resources, has_latency, before, after }: Recorded): (Caveat | null)[] {
  const { feedback, engagement } = people;
  const scores = feedback.after?.scores ?? 0;
  const least = leastScores(success);
  const served = [...before.days, ...after.days].filter(({ serving }) => serving.length > 0);
  const watched = served.filter((day) => driftEvents([day]) !== null).length;
  const said = (rule: CaveatRule, is_missing: boolean, sentence: string) => (is_missing ? { rule, sentence } : null);
  return [
    said('missing-latency', !has_latency, 'Latency was not recorded in both windows: nothing is said of it.'),
    said(
      'missing-feedback',
      scores < least,
      `${scores === 0 ? 'No' : scores} feedback scores came in the after window, of ${least} that are needed: whether people are content is not known.`,
    ),
    said(
      'missing-engagement',
      engagement.before === null || engagement.after === null,
      'Engagement with recommendations was not recorded in both windows: whether people follow them more is not known.',
    ),
    resourceCaveat(resources),
    said(
      'missing-drift',
      watched < served.length || watched === 0,
      watched === 0
        ? 'No drift detector reported in these windows: whether the inputs changed is not known.'
        : `Drift was watched on ${watched} of ${plural(served.length, 'day')}, as a candidate was judged: whether something changed on the others is not known.`,
    ),
  ];
}
