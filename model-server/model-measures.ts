import { Gauge, type Registry } from 'prom-client';
import { metrics } from '../core/metrics.ts';
import type { ModelCard } from './card.ts';

/** Exports what kind of model each arm has, so that whatever is measured of an arm or a pod can be told by kind, and what its forecasts rest on. */
export function measureModels(registry: Registry, { release, models }: Pick<ModelCard, 'release' | 'models'>): void {
  const gauge = ({ name, help, labels }: { name: string; help: string; labels: readonly string[] }) =>
    new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
  const info = gauge(metrics.model_info);
  const importance = gauge(metrics.feature_importance);
  for (const [arm, { manifest }] of Object.entries(models)) {
    info.set({ release, arm, kind: manifest.kind }, 1);
    const shares = 'importance' in manifest ? manifest.importance : {};
    for (const [feature, share] of Object.entries(shares)) importance.set({ release, arm, feature }, share);
  }
}
