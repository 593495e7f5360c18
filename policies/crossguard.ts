/** The policy pack, as Pulumi's engine runs it: `pulumi preview --policy-pack policies`, see docs/policies.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PolicyPack, type PolicyResource, type ReportViolation, type ResourceValidationArgs } from '@pulumi/policy';
import { objectPolicies, policyNames, stackPolicies } from './all.ts';
import { textAt } from './fields.ts';
import { type KubernetesObject, nameOf, type Violation } from './policy.ts';
import { environmentOf, parsePolicySettings } from './settings.ts';
import { findingText, weigh } from './verdict.ts';

const file = join(import.meta.dirname, 'settings.yaml');
const settings = parsePolicySettings(readFileSync(file, 'utf8'), 'policies/settings.yaml', policyNames);

/**
 * @pulumi/policy takes a level with each violation, though its types do not say so. The pack is told its stack only with the first
 * resource, too late to give each policy the level of its environment. test/lab/policies.test.ts holds that both levels arrive.
 */
type Report = (violation: { message: string; urn: string; enforcementLevel: 'advisory' | 'mandatory' }) => void;

new PolicyPack('gridramp', {
  enforcementLevel: 'mandatory',
  policies: [
    ...objectPolicies.map(({ name, asks, violations }) => ({
      name,
      description: asks,
      validateResource: (resource: ResourceValidationArgs, report: ReportViolation) => {
        const object = objectOf(resource);
        if (object === undefined) return;
        for (const violation of violations(object, settings)) tell(report, name, object, resource.urn, violation);
      },
    })),
    ...stackPolicies.map(({ name, asks, violations }) => ({
      name,
      description: asks,
      validateStack: ({ resources }: { resources: PolicyResource[] }, report: ReportViolation) => {
        const all = resources.flatMap((resource) => {
          const object = objectOf(resource);
          return object === undefined ? [] : { object, urn: resource.urn };
        });
        const found = violations(
          all.map(({ object }) => object),
          settings,
        );
        for (const { object: subject, ...violation } of found)
          for (const { object, urn } of all.filter(({ object }) => nameOf(object) === subject))
            tell(report, name, object, urn, violation);
      },
    })),
  ],
});

function tell(report: ReportViolation, policy: string, object: KubernetesObject, urn: string, violation: Violation) {
  // urn:pulumi:STACK::PROJECT::TYPE::NAME
  const stack = urn.split(':')[2] ?? '';
  const today = new Date().toISOString().slice(0, 10);
  const environment = environmentOf(stack, settings);
  const finding = weigh(policy, nameOf(object), violation, settings, { environment, today });
  if (finding.level === 'disabled') return;
  const send = report as unknown as Report;
  send({ message: findingText(finding), urn, enforcementLevel: finding.level });
}

/** What a resource gives the cluster; undefined for stacks, providers and components. A chart's kind is in its type: kubernetes:helm.sh/v4:Chart. */
function objectOf({ type, props }: { type: string; props: Record<string, unknown> }): KubernetesObject | undefined {
  const [, group = '', kind = ''] = /^kubernetes:([^:]+):(\w+)$/.exec(type) ?? [];
  if (kind === '') return undefined;
  return { ...props, apiVersion: textAt(props, 'apiVersion') ?? group, kind: textAt(props, 'kind') ?? kind };
}
