import type { IAnalysisTemplateSpec } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplateSpec';
import type { IDryRun } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/DryRun';
import type { Rule } from './rule.ts';

/** The trap of dry runs, which templates have and the steps that start them. */
export const looseDryRun: Omit<Rule<never>, 'caught'> = {
  rule: 'dry-run-by-part-of-a-name',
  reason:
    'metricName is a regular expression that any part of a name matches: more gates than meant would decide nothing',
  fix: 'write ^NAME$',
};

export const templateRules: readonly Rule<IAnalysisTemplateSpec>[] = [
  { ...looseDryRun, caught: ({ dryRun }) => hasLooseName(dryRun) },
  {
    rule: 'undeclared-argument',
    reason: 'a query names an argument that the template does not declare, so that no run of it can start',
    fix: 'declare it under args',
    caught: ({ args = [], metrics = [] }) => {
      const declared = new Set(args.map(({ name }) => name));
      const queries = metrics.map(({ provider }) => provider.prometheus?.query ?? '').join('\n');
      return [...queries.matchAll(/\{\{\s*args\.([^\s}]+)\s*\}\}/g)].some(([, name = '']) => !declared.has(name));
    },
  },
];

export function hasLooseName(dryRun: readonly IDryRun[] | undefined): boolean {
  return dryRun?.some(({ metricName }) => !/^\^.*\$$/.test(metricName)) ?? false;
}
