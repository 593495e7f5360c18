import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { LATENCY_BOUNDS_MS, metrics } from '../core/metrics.ts';
import type { Purpose } from '../core/record.ts';
import type { Admission } from './admission.ts';
import { retrainingMeasures } from './retraining/measures.ts';

const purposes: Purpose[] = ['pair', 'served', 'mirror'];

/** The metrics of one model server; every series that a rate is taken of starts at 0 and not at its first event. */
export function createMeasures() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const of = ({ name, help, labels }: { name: string; help: string; labels: readonly string[] }) => ({
    name,
    help,
    labelNames: [...labels],
    registers,
  });
  const request_ms = new Histogram({ ...of(metrics.request_ms), buckets: [...LATENCY_BOUNDS_MS] });
  const requests = new Counter(of(metrics.requests));
  const forecasts = new Counter(of(metrics.forecasts));
  const fallbacks = new Counter(of(metrics.fallbacks));
  const learned_hour = new Gauge(of(metrics.learned_hour));
  const learning_faults = new Counter(of(metrics.learning_faults));
  const ensemble_weight = new Gauge(of(metrics.ensemble_weight));
  const drift_resets = new Gauge(of(metrics.drift_resets));
  const predict_s = new Counter(of(metrics.predict_s));
  const predict_rows = new Counter(of(metrics.predict_rows));
  const dropped = new Counter({
    name: 'gridramp_records_dropped_total',
    help: 'Records of served forecasts that never reached the scorer',
    registers,
  });
  const remembered = new Counter({
    name: 'gridramp_forecasts_remembered_total',
    help: 'Forecasts that were answered without being made again',
    registers,
  });
  const calls = new Histogram({
    name: 'gridramp_predictor_call_forecasts',
    help: 'Forecasts of one call of a predictor: how many requests came together',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers,
  });
  for (const purpose of purposes) {
    request_ms.zero({ purpose });
    requests.inc({ purpose, code: '200' }, 0);
    forecasts.inc({ purpose }, 0);
  }
  const refreshRetrainings = retrainingMeasures(registry);
  return {
    registry,
    refreshRetrainings,
    request_ms,
    requests,
    forecasts,
    fallbacks,
    learned_hour,
    learning_faults,
    ensemble_weight,
    drift_resets,
    predict_s,
    predict_rows,
    dropped,
    remembered,
    calls,
  };
}

/** Exports how many calls are under way in each room. */
export function measureRooms({ registry }: Measures, rooms: Record<string, Admission>): void {
  new Gauge({
    name: 'gridramp_calls_under_way',
    help: 'Forecast calls that were accepted and are not answered yet',
    labelNames: ['room'],
    registers: [registry],
    collect() {
      for (const [room, { taken }] of Object.entries(rooms)) this.set({ room }, taken.calls);
    },
  });
}

export type Measures = ReturnType<typeof createMeasures>;
