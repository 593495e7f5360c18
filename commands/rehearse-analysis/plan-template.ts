import { gatesFor } from '../../analysis/gates.ts';
import { analysisTemplates, hashArgs, templateName } from '../../core/compile/analysis.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import type { Target } from '../../core/compile/target.ts';
import { InputError } from '../../core/input-error.ts';
import { type Plan, parsePlan } from '../../core/plan.ts';
import { readInput } from '../yaml-file.ts';
import type { TemplateFile } from './template-file.ts';

/** The hashes that stand for the two versions in series, unless --arg says others. */
export const planArgs = { [hashArgs.canary]: 'canary', [hashArgs.stable]: 'stable' };

/** A plan, and where it is released: a stack, or anywhere in production. */
export type PlannedStack = { plan: Plan; target: Target };

/** Throws an InputError over the plan. */
export async function readPlan(file: string): Promise<PlannedStack> {
  return { plan: parsePlan(await readInput('--plan', file), file), target: exampleTarget };
}

/** What a plan compiles to for one of its phases. Throws an InputError over the phase. */
export function planTemplate({ plan, target }: PlannedStack, phase: string): TemplateFile {
  const name = templateName(plan, { name: phase });
  const templates = analysisTemplates(plan, gatesFor(target), target);
  const template = templates.find(({ metadata }) => metadata?.name === name);
  if (template === undefined) {
    const judged = plan.phases.filter((known) =>
      templates.some(({ metadata }) => metadata?.name === templateName(plan, known)),
    );
    const fix = `choose one of ${judged.map((known) => known.name).join(', ')}`;
    throw new InputError([{ place: '--phase', message: `"${phase}" is no judged phase of ${plan.service}`, fix }]);
  }
  const { spec } = template;
  return {
    template: { ...template, metadata: { name }, spec: { ...spec, metrics: spec.metrics ?? [] } },
    placeOf: () => `${plan.service}, ${phase}`,
  };
}
