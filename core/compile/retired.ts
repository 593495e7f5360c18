import type { Gate } from '../gate.ts';
import type { Plan } from '../plan-types.ts';
import { canonicalJson, sha256 } from '../release.ts';
import { alertRules } from './alerts.ts';
import type { ConfigMap } from './config-map.ts';
import { metadataOf } from './metadata.ts';
import { retiredIn } from './retirement.ts';
import type { Target } from './target.ts';

/**
 * What went with somebody's approval, each thing by the digest under which it can be had again: a predictor by its artefact's in the registry,
 * an alert with its definition. Flags stay in their file, disabled. None while nothing went.
 */
export function retiredRecord(plan: Plan, gates: readonly Gate[], target: Target): ConfigMap[] {
  const gone = retiredIn(plan);
  if (gone.length === 0) return [];
  const rules = Object.values(alertRules(plan, gates, target)).flat();
  const retired = gone.map(({ approved_by, predictors, flags, dashboards, alerts }) => ({
    ...{ approved_by, predictors, flags, dashboards },
    alerts: rules
      .filter(({ alert }) => alerts.includes(alert))
      .map((rule) => ({ alert: rule.alert, digest: sha256(canonicalJson(rule)), rule })),
  }));
  const metadata = metadataOf(plan, target, `${plan.service}-retired`);
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'retired.json': `${JSON.stringify(retired, null, 2)}\n` },
    },
  ];
}
