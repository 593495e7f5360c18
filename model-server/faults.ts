import { setTimeout as delay } from 'node:timers/promises';
import { exitCode } from '../core/exit.ts';
import { LEADS } from '../core/record.ts';
import { changed, type Forecast, noForecast, type Predictor } from './predictor.ts';

/** Makes an honest predictor's forecasts wrong in one way. */
type Fault = (honest: Predictor) => Predictor['forecast'];

const SLOW_MS = 150;
const CRASH_AFTER_REQUESTS = 40;
const LEAK_BYTES = 1_500_000;
const LEAK_EVERY_MS = 100;
/** Far above any gate, and far below what a laptop has. */
const LEAK_LIMIT_BYTES = 2_000_000_000;

export const faults = {
  /** Serves each forecast shifted by one hour. */
  skew: (honest) => async (batch) => {
    const later = (kw: Float64Array) =>
      kw.map((value, at) => (at % LEADS === LEADS - 1 ? value : (kw[at + 1] ?? value)));
    return changed(await honest.forecast(batch), later);
  },

  /** Fails at every call: something else than the release's own predictor answers. */
  fails: () => async () => {
    throw new Error('this fault fails at every call');
  },

  slow: (honest) => async (batch) => {
    const [forecast] = await Promise.all([honest.forecast(batch), delay(SLOW_MS)]);
    return forecast;
  },

  crash: (honest) => {
    let requests = 0;
    return (batch) => {
      requests++;
      if (requests > CRASH_AFTER_REQUESTS) process.exit(exitCode.failure);
      return honest.forecast(batch);
    };
  },

  nan: () => async (batch) => noForecast(batch.issue_h.length),

  /** Keeps answering with the first forecast it made for a station. */
  stale: (honest) => {
    const first = new Map<string, Forecast>();
    return async (batch) => {
      const forecast = await honest.forecast(batch);
      batch.station_ids.forEach((station_id, row) => {
        const fresh = changed(forecast, (kw) => kw.slice(row * LEADS, (row + 1) * LEADS));
        const frozen = first.get(station_id) ?? fresh;
        first.set(station_id, frozen);
        forecast.values_kw.set(frozen.values_kw, row * LEADS);
        forecast.low_kw.set(frozen.low_kw, row * LEADS);
        forecast.high_kw.set(frozen.high_kw, row * LEADS);
      });
      return forecast;
    };
  },

  /** Retains 15 MB more each second from the first request on. */
  leak: (honest) => {
    const retained: Uint8Array[] = [];
    let timer: NodeJS.Timeout | undefined;
    return (batch) => {
      if (timer === undefined)
        timer = setInterval(() => {
          // Filled, so that the pages are really taken.
          if (retained.length * LEAK_BYTES < LEAK_LIMIT_BYTES) retained.push(new Uint8Array(LEAK_BYTES).fill(1));
        }, LEAK_EVERY_MS).unref();
      return honest.forecast(batch);
    };
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Honest until `hours` after the first issue hour that it is asked for, faulty from then on. */
export function sinceHours(hours: number, honest: Predictor, fault: Fault): Predictor {
  const faulty = fault(honest);
  let first_h: number | undefined;
  return {
    ...honest,
    impure: true,
    forecast: (batch) => {
      const issue_h = batch.issue_h[0] ?? 0;
      first_h ??= issue_h;
      return issue_h - first_h >= hours ? faulty(batch) : honest.forecast(batch);
    },
  };
}
