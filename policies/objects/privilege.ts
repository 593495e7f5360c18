import { at, listAt, textAt } from '../fields.ts';
import { containers, podTemplates } from '../pods.ts';
import type { ObjectPolicy, Violation } from '../policy.ts';

export const nonRoot: ObjectPolicy = {
  name: 'non-root',
  asks: 'No container runs as root.',
  violations: (object) =>
    podTemplates(object).flatMap(({ place, spec }) => {
      const wanted = at(spec, 'securityContext', 'runAsNonRoot') === true;
      const undone = containers(object).filter(
        ({ container }) =>
          at(container, 'securityContext', 'runAsNonRoot') === false ||
          at(container, 'securityContext', 'runAsUser') === 0,
      );
      const fix = 'set securityContext.runAsNonRoot: true for the pod, and no other user in its containers';
      return [
        ...(wanted && at(spec, 'securityContext', 'runAsUser') !== 0
          ? []
          : [{ place: `${place}.securityContext`, reason: 'the pod may run as root', fix }]),
        ...undone.map((each) => ({
          place: `${each.place}.securityContext`,
          reason: 'the container asks for root',
          fix,
        })),
      ];
    }),
};

export const readOnlyRoot: ObjectPolicy = {
  name: 'read-only-root',
  asks: 'No container can write to its own file system.',
  violations: (object) =>
    containers(object).flatMap(({ place, container }) => {
      if (at(container, 'securityContext', 'readOnlyRootFilesystem') === true) return [];
      return {
        place: `${place}.securityContext`,
        reason: 'whoever gets into the container can leave a program there, and a full disk can end it',
        fix: 'set readOnlyRootFilesystem: true, and mount an emptyDir where it has to write',
      };
    }),
};

const HOST_PARTS = ['hostNetwork', 'hostPID', 'hostIPC'];

export const noPrivilege: ObjectPolicy = {
  name: 'no-privilege',
  asks: 'No pod has a part of its node, or rights that it does not need.',
  violations: (object) => [
    ...podTemplates(object).flatMap(({ place, spec }) => [
      ...HOST_PARTS.filter((part) => at(spec, part) === true).map((part) => ({
        place: `${place}.${part}`,
        reason: 'the pod has a part of its node, and with it what other pods there do',
        fix: `leave ${part} out`,
      })),
      ...listAt(spec, 'volumes').flatMap((volume) =>
        at(volume, 'hostPath') === undefined
          ? []
          : {
              place: `${place}.volumes[${textAt(volume, 'name')}]`,
              reason: 'the pod reads files of its node',
              fix: 'use a claim, an emptyDir or a ConfigMap',
            },
      ),
    ]),
    ...containers(object).flatMap(({ place, container }) => rights(place, container)),
  ],
};

function rights(place: string, container: unknown): Violation[] {
  const context = at(container, 'securityContext');
  const path = `${place}.securityContext`;
  const isOwn = at(context, 'privileged') !== true && at(context, 'allowPrivilegeEscalation') === false;
  const drops =
    listAt(context, 'capabilities', 'drop').includes('ALL') && listAt(context, 'capabilities', 'add').length === 0;
  return [
    ...(isOwn
      ? []
      : [
          {
            place: path,
            reason: 'the container can take rights that it was not given',
            fix: 'set allowPrivilegeEscalation: false, and leave privileged out',
          },
        ]),
    ...(drops
      ? []
      : [
          {
            place: path,
            reason: 'the container keeps rights of the kernel',
            fix: 'set capabilities.drop: [ALL], and add none',
          },
        ]),
  ];
}
