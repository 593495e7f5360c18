import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';

/** One issue hour: forecasts and what came true, `[station * LEADS + lead - 1]` in kW, NaN where unknown. */
export type Issued = { forecast_kw: Float64Array; truth_kw: Float64Array };

/** What goes wrong with a candidate after its backtest. */
export type Fault = { name: string; apply: (issued: Issued) => Float64Array };

/** The faults of the design's table. `sizes_kw`: each station's usual load; which stations are swapped is drawn from `seed`. */
export function faultsOf(sizes_kw: readonly number[], seed: number): Fault[] {
  return [
    { name: 'none (tie)', apply: ({ forecast_kw }) => forecast_kw },
    { name: 'error + 10 %', apply: (issued) => larger(issued, 1.1) },
    { name: 'error + 20 %', apply: (issued) => larger(issued, 1.2) },
    { name: 'bias of 5 %', apply: ({ forecast_kw }) => forecast_kw.map((value) => 1.05 * value) },
    { name: 'hours shifted by one', apply: ({ forecast_kw }) => shifted(forecast_kw) },
    { name: 'a tenth of the stations swapped', apply: swapping(sizes_kw, seed) },
  ];
}

/** Every error grows by the factor, in its own direction. */
function larger({ forecast_kw, truth_kw }: Issued, factor: number): Float64Array {
  return forecast_kw.map((value, i) => {
    const truth = truth_kw[i] ?? Number.NaN;
    return Number.isNaN(truth) ? value : truth + factor * (value - truth);
  });
}

/** As the rehearsal's `skew`: each lead gets the next one's value. */
function shifted(forecast_kw: Float64Array): Float64Array {
  return forecast_kw.map((value, i) => (i % LEADS === LEADS - 1 ? value : (forecast_kw[i + 1] ?? Number.NaN)));
}

/** Pairs of stations that get each other's forecasts, a tenth of all: each with the next one in size, so that no forecast is absurd. */
function swapping(sizes_kw: readonly number[], seed: number): Fault['apply'] {
  const random = randomOf(seed);
  const bySize = sizes_kw.map((size, s) => ({ size, s })).sort((a, b) => a.size - b.size);
  const neighbours = Array.from({ length: Math.floor(bySize.length / 2) }, (_, i) => ({ i, at: random() }));
  const drawn = neighbours.sort((a, b) => a.at - b.at).slice(0, Math.max(1, Math.round(bySize.length / 20)));
  const source = Int32Array.from(sizes_kw, (_size, s) => s);
  for (const { i } of drawn) {
    const [a, b] = [bySize[2 * i]?.s ?? 0, bySize[2 * i + 1]?.s ?? 0];
    source[a] = b;
    source[b] = a;
  }
  return ({ forecast_kw }) =>
    forecast_kw.map((_v, i) => forecast_kw[(source[Math.floor(i / LEADS)] ?? 0) * LEADS + (i % LEADS)] ?? Number.NaN);
}

/** Mean of each station's known readings. */
export function sizesOf(values_kw: readonly Float64Array[]): number[] {
  return values_kw.map((series) => {
    const known = series.filter((kw) => !Number.isNaN(kw));
    return known.reduce((sum, kw) => sum + kw, 0) / known.length;
  });
}
