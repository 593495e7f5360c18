import path from 'node:path';
import { $ } from 'zx';

/** What ran, as each program itself says: its name in the report and how it is asked. */
const programs: Record<string, string[]> = {
  etcd: ['etcd', '--version'],
  'kube-apiserver': ['kube-apiserver', '--version'],
  'kube-controller-manager': ['kube-controller-manager', '--version'],
  'kube-scheduler': ['kube-scheduler', '--version'],
  'argo-rollouts': ['kubectl-argo-rollouts', 'version', '--short'],
  prometheus: ['prometheus', '--version'],
  envoy: ['envoy', '--version'],
  pulumi: ['pulumi', 'version'],
};

/** Program to version; a program that does not say it is an error, not a gap. */
export async function versionsOf(bin: string): Promise<Record<string, string>> {
  const asked = Object.entries(programs).map(async ([name, [program = '', ...args]]) => {
    const { stdout, stderr } = await $({ quiet: true })`${path.join(bin, program)} ${args}`;
    const version = /(\d+\.\d+\.\d+(?:-[\w.]+)?)/.exec(`${stdout}${stderr}`)?.[1];
    if (version === undefined) throw new Error(`${program} does not say its version: ${stdout}${stderr}`);
    return [name, version] as const;
  });
  return { ...Object.fromEntries(await Promise.all(asked)), node: process.versions.node };
}
