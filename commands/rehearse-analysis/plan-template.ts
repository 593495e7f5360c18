import { gatesFor } from '../../analysis/gates.ts';
import { analysisTemplates, hashArgs, templateName } from '../../core/compile/analysis.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { InputError } from '../../core/input-error.ts';
import { parsePlan } from '../../core/plan.ts';
import type { TemplateFile } from './template-file.ts';
import { readInput } from './yaml-file.ts';

/** The hashes that stand for the two versions in series, unless --arg says others. */
export const planArgs = { [hashArgs.canary]: 'canary', [hashArgs.stable]: 'stable' };

/** What a plan compiles to for one of its phases, in production's time. Throws an InputError over the plan or the phase. */
export async function templateOfPlan(file: string, phase: string): Promise<TemplateFile> {
  const plan = parsePlan(await readInput('--plan', file), file);
  const target = exampleTarget;
  const name = templateName(plan, { name: phase });
  const template = analysisTemplates(plan, gatesFor(target), target).find(({ metadata }) => metadata?.name === name);
  if (template === undefined) {
    const fix = `choose one of ${plan.phases.map((known) => known.name).join(', ')}`;
    throw new InputError([{ place: '--phase', message: `"${phase}" is no phase of ${file}`, fix }]);
  }
  const { spec } = template;
  return {
    template: { ...template, metadata: { name }, spec: { ...spec, metrics: spec.metrics ?? [] } },
    placeOf: () => file,
  };
}
