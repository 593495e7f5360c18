import { OWNER_LABEL, RUNBOOK_ANNOTATION } from '../../core/compile/metadata.ts';
import { listAt, textAt } from '../fields.ts';
import { podTemplates } from '../pods.ts';
import type { ObjectPolicy } from '../policy.ts';

export const ownerAndRunbook: ObjectPolicy = {
  name: 'owner-and-runbook',
  asks: 'Whatever runs says whose it is, and where it is written what to do when it does not; so does every alert.',
  violations: (object) => [
    ...(podTemplates(object).length === 0 ? [] : missing(object)),
    ...alertsWithout(object, 'runbook_url'),
  ],
};

function missing(object: unknown) {
  const labelled = (textAt(object, 'metadata', 'labels', OWNER_LABEL) ?? '') !== '';
  const explained = (textAt(object, 'metadata', 'annotations', RUNBOOK_ANNOTATION) ?? '') !== '';
  return [
    ...(labelled
      ? []
      : [{ place: 'metadata.labels', reason: 'nobody is known to own it', fix: `add the label ${OWNER_LABEL}` }]),
    ...(explained
      ? []
      : [
          {
            place: 'metadata.annotations',
            reason: 'nobody on call is told what to do',
            fix: `add the annotation ${RUNBOOK_ANNOTATION}`,
          },
        ]),
  ];
}

function alertsWithout(object: { kind: string }, annotation: string) {
  if (object.kind !== 'PrometheusRule') return [];
  const rules = listAt(object, 'spec', 'groups').flatMap((group) => listAt(group, 'rules'));
  return rules.flatMap((rule) => {
    const alert = textAt(rule, 'alert');
    if (alert === undefined || (textAt(rule, 'annotations', annotation) ?? '') !== '') return [];
    return {
      place: `spec.groups.rules[${alert}].annotations`,
      reason: 'whoever it wakes is not told what to do',
      fix: `add the annotation ${annotation}`,
    };
  });
}
