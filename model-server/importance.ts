import { randomOf } from '../core/random.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { eachTarget, STRIDE_H } from './evaluate.ts';
import type { Importance } from './manifest.ts';
import { forecastRange } from './offline.ts';
import type { Batch, Predictor } from './predictor.ts';
import { rowOf } from './row-of.ts';

/** Hours ago, from and to, of the parts of a history; the fourth part of what models look at is when they are asked: the calendar. */
const HISTORY_PARTS = { 'last-day': [0, 24], 'last-week': [24, 168], 'week-before': [168, HISTORY_HOURS] } as const;
type Feature = keyof typeof HISTORY_PARTS | 'calendar';
const features: Feature[] = ['last-day', 'last-week', 'week-before', 'calendar'];

const SEED = 1;
const DIGITS = 4;

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): by how much the nMAE grows when one part of what forecasts are made
 * from is another issue hour's of the same station, as a share of all growth. Of the issue hours from `from_h` up to, not including, `to_h`.
 */
export async function importanceOf(
  model: Predictor,
  telemetry: Telemetry,
  from_h: number,
  to_h: number,
): Promise<Importance> {
  const random = randomOf(SEED);
  const errors = new Map([null, ...features].map((feature) => [feature, telemetry.stations.map(() => 0)]));
  const sizes = telemetry.stations.map(() => 0);
  let shuffled_kw: [Feature, Float64Array][] = [];
  const watched: Predictor = {
    ...model,
    async forecast(batch) {
      shuffled_kw = [];
      for (const feature of features)
        shuffled_kw.push([feature, (await model.forecast(shuffled(batch, feature, random))).values_kw]);
      return model.forecast(batch);
    },
  };
  await forecastRange(
    watched,
    telemetry,
    from_h,
    to_h,
    (block) => {
      for (const [feature, values_kw] of [[null, block.values_kw] as const, ...shuffled_kw]) {
        const sums = errors.get(feature) ?? [];
        eachTarget({ ...block, values_kw }, telemetry, (station, forecast_kw, actual_kw) => {
          sums[station] = (sums[station] ?? 0) + Math.abs(forecast_kw - actual_kw);
          if (feature === null) sizes[station] = (sizes[station] ?? 0) + Math.abs(actual_kw);
        });
      }
    },
    { stride_h: STRIDE_H },
  );
  return shares((feature) => meanRatio(errors.get(feature) ?? [], sizes));
}

/**
 * How much alike two models look at the same parts: 1 the same shares, 0 nothing in common (1 less the total variation distance).
 * null where one of them does not say.
 */
export function stabilityOf(a: Importance | undefined, b: Importance | undefined): number | null {
  if (a === undefined || b === undefined) return null;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const distance = [...names].reduce((sum, name) => sum + Math.abs((a[name] ?? 0) - (b[name] ?? 0)), 0);
  return rounded(1 - distance / 2);
}

function shares(nmae: (feature: Feature | null) => number): Importance {
  const before = nmae(null);
  const growth = features.map((feature) => Math.max(0, nmae(feature) - before));
  const all = growth.reduce((sum, one) => sum + one, 0);
  return Object.fromEntries(features.map((feature, i) => [feature, all > 0 ? rounded((growth[i] ?? 0) / all) : 0]));
}

/** Over stations that have a size. */
function meanRatio(errors: readonly number[], sizes: readonly number[]): number {
  const ratios = errors.flatMap((error, station) => ((sizes[station] ?? 0) > 0 ? [error / (sizes[station] ?? 1)] : []));
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

/** The batch with one part of each row from another row of the same station, drawn without replacement. States stay where they are. */
function shuffled(batch: Batch, feature: Feature, random: () => number): Batch {
  const history_kw = batch.history_kw.slice();
  const issue_h = batch.issue_h.slice();
  for (const rows of Map.groupBy(batch.station_ids.keys(), (row) => batch.station_ids[row]).values())
    for (const [i, from] of permutation(rows, random).entries()) {
      const row = rows[i] ?? 0;
      if (feature === 'calendar') issue_h[row] = batch.issue_h[from] ?? 0;
      else {
        const [least, most] = HISTORY_PARTS[feature];
        const part = rowOf(batch.history_kw, from, HISTORY_HOURS).subarray(HISTORY_HOURS - most, HISTORY_HOURS - least);
        history_kw.set(part, row * HISTORY_HOURS + HISTORY_HOURS - most);
      }
    }
  return { ...batch, history_kw, issue_h };
}

/** By Fisher and Yates. */
function permutation(of: readonly number[], random: () => number): number[] {
  const drawn = [...of];
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [drawn[i], drawn[j]] = [drawn[j] ?? 0, drawn[i] ?? 0];
  }
  return drawn;
}

function rounded(share: number): number {
  return Number(share.toFixed(DIGITS));
}
