import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { LATENCY_BOUNDS_MS, metrics } from '../core/metrics.ts';
import type { Purpose } from '../core/record.ts';

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
  const dropped = new Counter({
    name: 'gridramp_records_dropped_total',
    help: 'Records of served forecasts that never reached the scorer',
    registers,
  });
  for (const purpose of purposes) {
    request_ms.zero({ purpose });
    requests.inc({ purpose, code: '200' }, 0);
    forecasts.inc({ purpose }, 0);
  }
  return { registry, request_ms, requests, forecasts, fallbacks, dropped };
}

export type Measures = ReturnType<typeof createMeasures>;
