import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { writeArtefact } from './artefact.ts';
import { eachTarget, STRIDE_H } from './evaluate.ts';
import { forecastRange } from './offline.ts';
import { seasonal } from './seasonal.ts';
import { trainingHours } from './split.ts';

/** The existing forecast repeats yesterday. */
export const CONTROL_LAG_H = 24;

/** Puts the existing forecast into the registry and returns its digest. */
export function controlArtefact(registry: string): Promise<string> {
  return writeArtefact(registry, { kind: 'seasonal', lag_h: CONTROL_LAG_H }, new Map());
}

/** The existing forecast one percent lower: another model that does nearly the same. */
export function nearArtefact(registry: string): Promise<string> {
  const of = { kind: 'seasonal', lag_h: CONTROL_LAG_H } as const;
  return writeArtefact(registry, { kind: 'scaled', factor: 0.99, of }, new Map());
}

const WORSE_BY = 0.1;

/**
 * A candidate whose error is 10 % above control's: control's forecast times a factor, which is found on the part that models are trained on.
 * The error is that of the backtest: each station's in units of control's, averaged over stations.
 */
export async function worseArtefact(registry: string, telemetry: Telemetry): Promise<string> {
  const ratio = await ratioOfFactor(telemetry);
  // The error is convex in the factor and 1 at factor 1, so it crosses 1.1 once above it.
  let low = 1;
  let high = 2;
  while (ratio(high) < 1 + WORSE_BY) {
    high *= 2;
    if (high > 1e6)
      throw new RangeError(
        `${telemetry.name}: no factor makes the existing forecast ${WORSE_BY * 100} % worse; are all readings zero?`,
      );
  }
  while (high - low > 1e-5) {
    const middle = (low + high) / 2;
    if (ratio(middle) < 1 + WORSE_BY) low = middle;
    else high = middle;
  }
  const factor = Number(high.toFixed(4));
  return writeArtefact(registry, { kind: 'scaled', factor, of: { kind: 'seasonal', lag_h: CONTROL_LAG_H } }, new Map());
}

/** Mean over stations of the error of control times a factor, in units of control's own. */
async function ratioOfFactor(telemetry: Telemetry): Promise<(factor: number) => number> {
  const pairs = telemetry.stations.map((): number[] => []);
  await forecastRange(
    seasonal(CONTROL_LAG_H),
    telemetry,
    telemetry.start_h + HISTORY_HOURS,
    telemetry.start_h + trainingHours(telemetry) - LEADS,
    (block) =>
      eachTarget(block, telemetry, (station, forecast_kw, actual_kw) => pairs[station]?.push(forecast_kw, actual_kw)),
    { stride_h: STRIDE_H },
  );
  const error = (values: Float64Array, factor: number) => {
    let sum = 0;
    for (let i = 0; i < values.length; i += 2) sum += Math.abs(factor * (values[i] ?? 0) - (values[i + 1] ?? 0));
    return sum;
  };
  const stations = pairs
    .map((values) => Float64Array.from(values))
    .map((values) => ({ values, control: error(values, 1) }))
    .filter(({ control }) => control > 0);
  return (factor) =>
    stations.reduce((sum, { values, control }) => sum + error(values, factor) / control, 0) / stations.length;
}
