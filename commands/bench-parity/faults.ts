import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { changed, type Forecast, type Predictor } from '../../model-server/predictor.ts';

export const kinds = ['wrong artefact', 'shifted hours', 'swapped stations', 'stale inputs'] as const;
export type FaultKind = (typeof kinds)[number];

/** One way of being wrong, at some stations of some pods. */
export type Fault = {
  kind: FaultKind;
  pods: ReadonlySet<number>;
  /** Station to the station whose forecast is given in its place, for a swap; to itself otherwise. */
  stations: ReadonlyMap<string, string>;
  /** Hours by which forecasts are shifted, or by which inputs are old. */
  hours: number;
};

/** What is wrong now; null: nothing. Pods ask it at every forecast. */
export type Ailing = {
  fault: Fault | null;
  /** A station's readings up to an issue hour, which a pod that mixes stations up has at hand. */
  history_kw: (station_id: string, issue_h: number) => Float64Array;
};

/** The honest predictor of pod `pod`, while nothing ails it. */
export function ailing(pod: number, honest: Predictor, wrong: Predictor, now: Ailing): Predictor {
  return {
    ...honest,
    async forecast(batch) {
      const { fault } = now;
      const forecast = await honest.forecast(batch);
      if (fault === null || !fault.pods.has(pod)) return forecast;
      const faulty = await faultyForecast({ fault, honest, wrong, batch, now });
      batch.station_ids.forEach((station_id, row) => {
        if (!fault.stations.has(station_id)) return;
        forecast.values_kw.set(faulty.values_kw.subarray(row * LEADS, (row + 1) * LEADS), row * LEADS);
      });
      return forecast;
    },
  };
}

type Batch = Parameters<Predictor['forecast']>[0];

type Making = { fault: Fault; honest: Predictor; wrong: Predictor; batch: Batch; now: Ailing };

async function faultyForecast({ fault, honest, wrong, batch, now }: Making): Promise<Forecast> {
  switch (fault.kind) {
    case 'wrong artefact':
      return wrong.forecast(batch);
    case 'shifted hours':
      return changed(await honest.forecast(batch), (kw) => shifted(kw, LEADS, fault.hours));
    case 'stale inputs':
      return honest.forecast({ ...batch, history_kw: shifted(batch.history_kw, HISTORY_HOURS, -fault.hours) });
    case 'swapped stations':
      return honest.forecast({ ...batch, history_kw: swapped(batch, fault, now) });
  }
}

/** Rows moved by `hours` towards their beginning; what falls off one end stands still at the other. */
function shifted(values: Float64Array, width: number, hours: number): Float64Array {
  return values.map((_, at) => {
    const row = at - (at % width);
    const from = Math.min(Math.max((at % width) + hours, 0), width - 1);
    return values[row + from] ?? Number.NaN;
  });
}

/** Readings of other stations, as a pod would use that mixes up its columns. */
function swapped(
  { station_ids, issue_h, history_kw }: Batch,
  { stations }: Fault,
  { history_kw: of }: Ailing,
): Float64Array {
  const mixed = history_kw.slice();
  for (const [row, station_id] of station_ids.entries())
    mixed.set(of(stations.get(station_id) ?? station_id, issue_h[row] ?? 0), row * HISTORY_HOURS);
  return mixed;
}
