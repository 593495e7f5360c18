import { textAt } from '../fields.ts';
import { containers } from '../pods.ts';
import type { ObjectPolicy } from '../policy.ts';

export const imagesByDigest: ObjectPolicy = {
  name: 'images-by-digest',
  asks: 'Every container names its image by digest.',
  violations: (object) =>
    containers(object).flatMap(({ place, container }) => {
      const image = textAt(container, 'image') ?? '';
      if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
      return {
        place: `${place}.image`,
        reason: `"${image}" is whatever that tag points at when a pod starts, which may be another program than was rehearsed`,
        fix: 'write NAME@sha256:DIGEST',
      };
    }),
};

export const imagesFromRegistries: ObjectPolicy = {
  name: 'images-from-allowed-registries',
  asks: 'Images come from the registries that policies/settings.yaml allows.',
  violations: (object, { registries }) =>
    containers(object).flatMap(({ place, container }) => {
      const image = textAt(container, 'image') ?? '';
      if (registries.some((registry) => image.startsWith(`${registry}/`))) return [];
      return {
        place: `${place}.image`,
        reason: `"${image}" is of none of the allowed registries (${registries.join(', ')})`,
        fix: 'push it to one of them, or have its registry added to policies/settings.yaml',
      };
    }),
};
