import { textAt } from '../fields.ts';
import type { ObjectPolicy } from '../policy.ts';

/** Kinds under which Pulumi's Kubernetes provider knows charts; they are not the cluster's. */
const kinds = ['Chart', 'Release'];

export const chartsByDigest: ObjectPolicy = {
  name: 'charts-by-digest',
  asks: 'Every Helm chart names one version, and the digest of its package.',
  violations: (object) => {
    if (!(object.apiVersion.startsWith('helm.sh/') && kinds.includes(object.kind))) return [];
    const version = textAt(object, 'version') ?? '';
    const chart = textAt(object, 'chart') ?? '';
    const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version);
    const digest = /^oci:\/\/\S+@sha256:[0-9a-f]{64}$/.test(chart);
    return [
      ...(exact
        ? []
        : [{ place: 'version', reason: `"${version}" is not one version`, fix: 'write MAJOR.MINOR.PATCH' }]),
      ...(digest
        ? []
        : [
            {
              place: 'chart',
              reason: `"${chart}" can be another package tomorrow under the same version`,
              fix: 'write oci://NAME@sha256:DIGEST',
            },
          ]),
    ];
  },
};
