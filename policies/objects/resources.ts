import { at } from '../fields.ts';
import { containers } from '../pods.ts';
import type { ObjectPolicy } from '../policy.ts';

export const requestsAndLimits: ObjectPolicy = {
  name: 'requests-and-limits',
  asks: 'Every container says what it needs of CPU and memory, and the most that it takes.',
  violations: (object) =>
    containers(object).flatMap(({ place, container }) =>
      ['requests', 'limits'].flatMap((kind) =>
        ['cpu', 'memory']
          .filter((what) => at(container, 'resources', kind, what) === undefined)
          .map((what) => ({
            place: `${place}.resources.${kind}.${what}`,
            reason:
              kind === 'requests'
                ? 'the scheduler puts the pod where there may be none left for it'
                : 'the container can take what its neighbours need',
            fix: `set ${kind}.${what} from a measured peak`,
          })),
      ),
    ),
};
