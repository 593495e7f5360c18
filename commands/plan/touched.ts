import path from 'node:path';
import { flagsFileOf } from '../../core/compile/flags.ts';
import { planFileOf } from '../stack-file.ts';
import type { ReadFile } from './blobs.ts';

/**
 * Whether any of the changed files can be part of a stack: its configuration, its plan, the flags beside that, or what the plan names, such as an
 * inventory or a runbook. Most branches change few stacks of many, and reading a plan costs a hundred times what looking for names in it does: so
 * a file counts that is merely mentioned, and every one where a name could be written in another way than it is spelt.
 */
export async function isTouched(stack: string, changed: readonly string[], read: ReadFile): Promise<boolean> {
  const own = `Pulumi.${stack}.yaml`;
  if (changed.includes(own)) return true;
  const plan_file = planFileOf((await read(own)) ?? '');
  const plan = plan_file === undefined ? null : await read(plan_file);
  if (plan_file === undefined || plan === null) return true;
  const parts = [plan_file, flagsFileOf(plan_file)].map((file) => path.normalize(file));
  return changed.some((file) => parts.includes(file) || plan.includes(path.basename(file))) || plan.includes('\\');
}
