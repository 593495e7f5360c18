import { type InputDetector, inputDetectors } from '../../core/judge/drift/input-drift.ts';
import { type LossDetector, LossDrift, lossDetectors } from '../../core/judge/drift/loss-drift.ts';
import type { DriftSettings } from '../../core/judge/drift/settings.ts';
import { COMPARED_HOURS, type InputStatistics, weekAgainstWeeks } from '../../core/judge/drift/week-against-weeks.ts';
import { randomOf } from '../../core/random.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { FIRST_JUDGED, fleetMean, lossAt, type World } from './plain-models.ts';

/** Readings of `share` of the stations are multiplied by 1 + size from some hour on. */
export type Shift = { size: number; share: number };

/** Days after the shift in which a detector may find it, and days from one replay's shift to the next one's. */
const INPUT_DAYS = 10;
const LOSS_DAYS = 28;
const EVERY_DAYS = 20;
/** Before its shift a replay lets the detectors learn for six weeks. */
const LEARN_DAYS = 42;

export type Found = {
  watched: string;
  detector: LossDetector | InputDetector;
  replays: number;
  /** Share of the replays in which the fleet's detector spoke, and the median of the days it took there. */
  found: number;
  days: number | null;
  /** Of the shifted, and of the other stations, the share that the detector named on some day; inputs only. */
  stations: { shifted: number; others: number } | null;
};

/** Hours of the set at which the replays' shifts begin. */
export function shiftHours({ hours }: Pick<Telemetry, 'hours'>): number[] {
  const starts: number[] = [];
  for (let h = FIRST_JUDGED + 24 * LEARN_DAYS; h + 24 * LOSS_DAYS <= hours; h += 24 * EVERY_DAYS) starts.push(h);
  return starts;
}

/** Replays one shift from every start; which stations it hits is drawn from the seed. */
export function replayShift(world: World, settings: DriftSettings, shift: Shift, seed: number): Found[] {
  const { telemetry } = world;
  const random = randomOf(seed);
  const replays = shiftHours(telemetry).map((from) => {
    const hit = drawStations(telemetry.stations.length, shift.share, random);
    return { from, hit, shifted: shiftedReadings(telemetry, { from, hit, size: shift.size }) };
  });
  return [...inputsFound(replays, settings), ...lossesFound(world, replays, settings)];
}

type Replay = { from: number; hit: ReadonlySet<number>; shifted: Float64Array[] };

/** At least one station. */
function drawStations(stations: number, share: number, random: () => number): Set<number> {
  const order = Array.from({ length: stations }, (_, s) => ({ s, at: random() })).sort((a, b) => a.at - b.at);
  return new Set(order.slice(0, Math.max(1, Math.round(share * stations))).map(({ s }) => s));
}

function shiftedReadings(
  { values_kw }: Telemetry,
  { from, hit, size }: { from: number; hit: ReadonlySet<number>; size: number },
): Float64Array[] {
  return values_kw.map((readings_kw, s) =>
    hit.has(s) ? readings_kw.map((kw, t) => (t < from ? kw : kw * (1 + size))) : readings_kw,
  );
}

function inputsFound(replays: readonly Replay[], settings: DriftSettings): Found[] {
  const seen = replays.map((replay) => ({ replay, days: inputDays(replay, settings) }));
  return inputDetectors.map((detector) => {
    const drifted = (statistics: InputStatistics | null) => (statistics?.[detector] ?? 0) >= 1;
    const days = seen.map(({ days }) => {
      const first = days.findIndex(
        (stations) => stations.filter(drifted).length >= settings.inputs.share * stations.length,
      );
      return first === -1 ? null : first + 1;
    });
    const ever = seen.map(({ replay, days }) =>
      replay.shifted.map((_, s) => days.some((stations) => drifted(stations[s] ?? null))),
    );
    const shareOf = (hit: boolean) =>
      mean(ever.flatMap((named, r) => named.filter((_, s) => replays[r]?.hit.has(s) === hit).map(Number)));
    return {
      watched: 'inputs',
      detector,
      ...whenFound(days),
      stations: { shifted: shareOf(true), others: shareOf(false) },
    };
  });
}

/** Every station's statistics on each of the days after the shift. */
function inputDays({ from, shifted }: Replay, settings: DriftSettings): (InputStatistics | null)[][] {
  return Array.from({ length: INPUT_DAYS }, (_, day) => {
    const end = from + 24 * (day + 1);
    return shifted.map((readings_kw) => weekAgainstWeeks(readings_kw.subarray(end - COMPARED_HOURS, end), settings));
  });
}

function lossesFound({ telemetry, models }: World, replays: readonly Replay[], settings: DriftSettings): Found[] {
  return models.flatMap(({ model, stations }) => {
    const days = replays.map(({ from, hit, shifted }) => {
      const series = stations.map(({ station, m_kw, losses }) => {
        if (!hit.has(station)) return losses;
        const readings_kw = shifted[station] ?? new Float64Array(0);
        const changed = losses.slice(0, from + 24 * LOSS_DAYS - FIRST_JUDGED);
        for (let i = from - FIRST_JUDGED; i < changed.length; i++)
          changed[i] = lossAt(readings_kw, model, FIRST_JUDGED + i) / m_kw;
        return changed;
      });
      return lossDays(fleetMean(series), from - FIRST_JUDGED, telemetry.start_h, settings);
    });
    return foundBy(model.name, days);
  });
}

/** A model that errs `factor` times as much from some hour on, with the inputs as they were. */
export function replayLoss({ telemetry, models }: World, settings: DriftSettings, factor: number): Found[] {
  return models.flatMap(({ model, fleet }) => {
    const days = shiftHours(telemetry).map((start) => {
      const from = start - FIRST_JUDGED;
      const worse = fleet.map((loss, i) => (i < from ? loss : loss * factor));
      return lossDays(worse, from, telemetry.start_h, settings);
    });
    return foundBy(model.name, days);
  });
}

type LossDays = Record<LossDetector, number | null>;

function foundBy(model: string, days: readonly LossDays[]): Found[] {
  return lossDetectors.map((detector) => ({
    watched: `loss of ${model}`,
    detector,
    ...whenFound(days.map((found) => found[detector])),
    stations: null,
  }));
}

/** Days from hour `from` of the series to each detector's first alarm after it; null: none within LOSS_DAYS. */
function lossDays(losses: Float64Array, from: number, start_h: number, settings: DriftSettings): LossDays {
  const drift = new LossDrift(settings);
  const days: LossDays = { page_hinkley: null, adwin: null, cusum: null };
  for (const [i, loss] of losses.subarray(0, from + 24 * LOSS_DAYS).entries())
    for (const detector of drift.observe(start_h + FIRST_JUDGED + i, loss))
      if (i >= from) days[detector] ??= (i + 1 - from) / 24;
  return days;
}

function whenFound(days: readonly (number | null)[]) {
  const found = days.filter((day) => day !== null).sort((a, b) => a - b);
  const [low, high] = [found[Math.ceil(found.length / 2) - 1], found[Math.floor(found.length / 2)]];
  const median = low === undefined || high === undefined ? null : (low + high) / 2;
  return { replays: days.length, found: found.length / days.length, days: median };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
