import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { metrics } from '../../core/metrics.ts';
import { folderStore } from '../registry/folder-store.ts';
import { type RetrainingRecord, readRecord } from './record.ts';

/** One for each kind of model, and room for more. */
const MOST_RECORDS = 16;

/** The metrics of retrainings: jobs that are gone when somebody asks, so that each model server tells what they left in the registry. */
export function retrainingMeasures(register: Registry) {
  const of = ({ name, help, labels }: { name: string; help: string; labels: readonly string[] }) => ({
    ...{ name, help, labelNames: [...labels], registers: [register] },
  });
  const success_s = new Gauge(of(metrics.retraining_success_s));
  const runs = new Counter(of(metrics.retrainings));
  const duration_s = new Gauge(of(metrics.retraining_s));
  const nmae = new Gauge(of(metrics.retraining_nmae));

  function show({ model, counts, last }: RetrainingRecord): void {
    for (const [outcome, count] of Object.entries(counts)) runs.inc({ model, outcome }, count);
    if (last === null) return;
    success_s.set({ model }, Date.parse(last.at) / 1000);
    duration_s.set({ model }, last.duration_s);
    if (last.nmae !== null) nmae.set({ model, side: 'candidate' }, last.nmae);
    if (last.nmae_present !== null) nmae.set({ model, side: 'present' }, last.nmae_present);
  }

  let told = '';
  /** Reads the records anew. One that cannot be read has no series, and is told of once. */
  return async function refresh(registry: string, log: Logger): Promise<void> {
    for (const metric of [success_s, runs, duration_s, nmae]) metric.reset();
    try {
      for (const model of (await recorded(registry)).slice(0, MOST_RECORDS)) {
        const record = await readRecord(registry, model);
        if (record !== null) show(record);
      }
      told = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== told) log.warn({ err: error }, 'what retrainings did cannot be told');
      told = message;
    }
  };
}

async function recorded(registry: string): Promise<string[]> {
  const names = await folderStore(registry).list('retrainings');
  return names.flatMap((name) => /^retrainings\/([a-z0-9-]+)\.json$/.exec(name)?.[1] ?? []);
}
