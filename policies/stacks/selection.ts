import { at, recordAt } from '../fields.ts';
import { podTemplates } from '../pods.ts';
import type { KubernetesObject } from '../policy.ts';

/** Objects of one kind in the namespace of `object` whose selector, under `path`, picks its pods. An empty selector picks all of them. */
export function selecting(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  kind: string,
  path: readonly string[],
): KubernetesObject[] {
  const namespace = at(object, 'metadata', 'namespace');
  const labels = podTemplates(object).map((template) => recordAt(template.labels));
  return objects.filter((other) => {
    if (other.kind !== kind || at(other, 'metadata', 'namespace') !== namespace) return false;
    const selector = at(other, ...path);
    // Expressions are not read: whoever selects by them names the labels as well.
    const wanted = Object.entries(recordAt(selector, 'matchLabels'));
    return selector !== undefined && labels.some((own) => wanted.every(([key, value]) => own[key] === value));
  });
}
