import { isoOfHour } from '../telemetry.ts';
import type { GuardRecord } from './guard-looks.ts';
import { type LossTable, scoredByBoth } from './loss-table.ts';
import type { PairedLosses } from './paired-days.ts';
import type { PartCoverage } from './part-coverage.ts';

/** What became of every station-hour of a table: the parts add up to `expected`. */
export type Coverage = {
  stations: number;
  stations_left_out: string[];
  station_hours: {
    expected: number;
    /** In the history's whole days, and live. */
    used: { history: number; live: number };
    /** Neither side, or only one of them, has a loss. */
    missing: number;
    one_sided: number;
    left_out: {
      /** The station has no scale: the history has no hour of it, or its stable is never wrong. */
      no_scale: number;
      /** A day of the history of which some hour lacks more than half of the stations. */
      history_day_incomplete: number;
      /** A live hour that lacks more than half of the stations. */
      hour_incomplete: number;
    };
  };
  /** Of each part, against the floors below which neither safe nor win is said. */
  share: Record<'history' | 'live', Pick<PartCoverage, 'labels' | 'pairs'>>;
  hours: { history: number; history_left_out: number; live: number; live_left_out: number };
  /** Hours of which no station has a loss of both sides; the first MOST_GAPS of them. */
  gaps: { from: string; to: string; hours: number }[];
  gaps_in_all: number;
};

const MOST_GAPS = 20;

export function coverageOf(
  table: LossTable,
  history_h: number,
  parts: Record<'history' | 'live', PartCoverage>,
  history: PairedLosses,
  guard: GuardRecord,
): Coverage {
  const judged = new Set(history.hours.target_h.map((hour) => hour - table.from_h));
  const left_out = new Set(history.stations_left_out);
  const used = { history: 0, live: guard.station_hours.used };
  let [no_scale, history_day_incomplete] = [0, 0];
  const empty = new Uint8Array(table.hours).fill(1);
  for (const [s, id] of table.stations.entries())
    for (let i = 0; i < table.hours; i++) {
      const cell = s * table.hours + i;
      if (!scoredByBoth(table, cell)) continue;
      empty[i] = 0;
      if (left_out.has(id)) no_scale++;
      else if (i < history_h) judged.has(i) ? used.history++ : history_day_incomplete++;
    }
  const gaps = gapsOf(table.from_h, empty);
  return {
    stations: table.stations.length,
    stations_left_out: history.stations_left_out,
    station_hours: {
      expected: table.stations.length * table.hours,
      used,
      missing: parts.history.missing + parts.live.missing,
      one_sided: parts.history.one_sided + parts.live.one_sided,
      left_out: { no_scale, history_day_incomplete, hour_incomplete: guard.station_hours.in_hours_left_out },
    },
    share: { history: shareOf(parts.history), live: shareOf(parts.live) },
    hours: {
      history: history_h,
      history_left_out: history_h - judged.size,
      live: table.hours - history_h,
      live_left_out: guard.hours_left_out,
    },
    gaps: gaps.slice(0, MOST_GAPS),
    gaps_in_all: gaps.length,
  };
}

function shareOf({ labels, pairs }: PartCoverage): Pick<PartCoverage, 'labels' | 'pairs'> {
  return { labels, pairs };
}

function gapsOf(from_h: number, empty: Uint8Array): Coverage['gaps'] {
  const gaps: Coverage['gaps'] = [];
  for (let i = 0; i < empty.length; i++) {
    if (empty[i] === 0) continue;
    const start = i;
    while (i + 1 < empty.length && empty[i + 1] === 1) i++;
    gaps.push({ from: isoOfHour(from_h + start), to: isoOfHour(from_h + i), hours: i - start + 1 });
  }
  return gaps;
}
