import { at } from '../fields.ts';
import { isService, podTemplates } from '../pods.ts';
import { nameOf, type StackPolicy } from '../policy.ts';
import { selecting } from './selection.ts';

export const disruptionBudgets: StackPolicy = {
  name: 'disruption-budgets',
  asks: 'Nothing that serves with several pods loses them all to the upkeep of nodes.',
  violations: (objects) =>
    objects.filter(isService).flatMap((object) => {
      const replicas = at(object, 'spec', 'replicas') ?? 1;
      if (replicas === 0 || replicas === 1) return [];
      if (selecting(object, objects, 'PodDisruptionBudget', ['spec', 'selector']).length > 0) return [];
      return {
        object: nameOf(object),
        place: '',
        reason: 'a drained node, or two, may take all of its pods at once',
        fix: 'add a PodDisruptionBudget that selects its pods',
      };
    }),
};

export const networkPolicies: StackPolicy = {
  name: 'network-policies',
  asks: 'Every pod says who may reach it, and whom it may reach.',
  violations: (objects) =>
    objects
      .filter((object) => podTemplates(object).length > 0)
      .flatMap((object) => {
        const directions = selecting(object, objects, 'NetworkPolicy', ['spec', 'podSelector']).flatMap((policy) =>
          directionsOf(policy),
        );
        return ['Ingress', 'Egress']
          .filter((direction) => !directions.includes(direction))
          .map((direction) => ({
            object: nameOf(object),
            place: '',
            reason:
              direction === 'Ingress'
                ? 'every pod of the cluster can reach it'
                : 'it can send what it knows to anybody',
            fix: `add a NetworkPolicy that selects its pods, with ${direction} among its policyTypes`,
          }));
      }),
};

function directionsOf(policy: unknown): unknown[] {
  const types = at(policy, 'spec', 'policyTypes');
  return Array.isArray(types) ? types : [];
}
