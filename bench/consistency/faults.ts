import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';

/** One issue hour: forecasts and what came true, `[station * LEADS + lead - 1]` in kW, NaN where unknown. */
export type Issued = { forecast_kw: Float64Array; truth_kw: Float64Array };

/** What goes wrong with a candidate after its backtest. */
export type Fault = { name: string; apply: (issued: Issued) => Float64Array };

/** The faults of the design's table. `stations` is how many there are; which of them are swapped is drawn from `seed`. */
export function faultsOf(stations: number, seed: number): Fault[] {
  return [
    { name: 'none (tie)', apply: ({ forecast_kw }) => forecast_kw },
    { name: 'error + 10 %', apply: (issued) => larger(issued, 1.1) },
    { name: 'error + 20 %', apply: (issued) => larger(issued, 1.2) },
    { name: 'bias of 5 %', apply: ({ forecast_kw }) => forecast_kw.map((value) => 1.05 * value) },
    { name: 'hours shifted by one', apply: ({ forecast_kw }) => shifted(forecast_kw) },
    { name: 'a tenth of the stations swapped', apply: swapping(stations, seed) },
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

/** Pairs of stations that get each other's forecasts: a tenth of all, at least one pair. */
function swapping(stations: number, seed: number): Fault['apply'] {
  const random = randomOf(seed);
  const order = Array.from({ length: stations }, (_, s) => ({ s, at: random() })).sort((a, b) => a.at - b.at);
  const swapped = order.slice(0, 2 * Math.max(1, Math.round(stations / 20))).map(({ s }) => s);
  const source = Int32Array.from({ length: stations }, (_, s) => {
    const at = swapped.indexOf(s);
    return at < 0 ? s : (swapped[at ^ 1] ?? s);
  });
  return ({ forecast_kw }) =>
    forecast_kw.map((_v, i) => forecast_kw[(source[Math.floor(i / LEADS)] ?? 0) * LEADS + (i % LEADS)] ?? Number.NaN);
}
