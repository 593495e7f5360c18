import { rules, trapsIn } from '../../core/compile/audit/audit.ts';
import { nameOf, type StackPolicy } from '../policy.ts';
import { auditedAmong, schemaFault } from './audited-objects.ts';

const gates = ['weight-before-judgement', 'weight-not-judged-once'];
const conditions = ['one-condition'];
const scale = ['dynamic-stable-scale'];
const named = [...gates, ...conditions, ...scale];
const others = rules.map(({ rule }) => rule).filter((rule) => !named.includes(rule));

export const rolloutsGated = audited(
  'rollouts-gated',
  'A Rollout judges a version before it answers any station, and at every weight.',
  gates,
);

export const bothConditions = audited(
  'gates-with-both-conditions',
  'Every gate says when it passes and when it fails: what is neither waits.',
  conditions,
);

export const noDynamicStableScale = audited(
  'no-dynamic-stable-scale',
  'The stable version keeps its pods while another is released, so that an abort needs none.',
  scale,
);

export const controllerTraps = audited(
  'controller-traps',
  'Nothing is written that the controllers take otherwise: docs/controller-facts.md.',
  others,
);

/** The audit reads no others. */
export const schemas: StackPolicy = {
  name: 'argo-and-istio-schemas',
  asks: 'Objects of Argo Rollouts and Istio are what their schemas ask for.',
  violations: (objects) =>
    objects.flatMap((object) => {
      const fault = schemaFault(object);
      return fault === undefined ? [] : { object: nameOf(object), place: '', reason: fault.message, fix: fault.fix };
    }),
};

/** Rules of the audit that compiled and foreign objects are held to, as a policy. */
function audited(name: string, asks: string, found: readonly string[]): StackPolicy {
  return {
    name,
    asks,
    violations: (objects) =>
      trapsIn(auditedAmong(objects.filter((object) => schemaFault(object) === undefined)))
        .filter(({ rule }) => found.includes(rule))
        .map(({ place, reason, fix }) => {
          const [object = '', ...within] = place.split(' ');
          return { object, place: within.join(' '), reason, fix };
        }),
  };
}
