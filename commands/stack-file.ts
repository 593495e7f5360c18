import { parse } from 'yaml';
import type { Flags } from '../core/compile/flags.ts';
import { InputError } from '../core/input-error.ts';
import { type Plan, parsePlan } from '../core/plan.ts';
import { productionOf, readSettings } from '../stacks/settings.ts';
import { flagsBeside } from './flags-beside.ts';
import { stationsIn } from './inventory.ts';
import { checkNamed } from './named-by-plan.ts';
import type { ReadFile } from './plan/blobs.ts';

/** A stack's configuration file, and the plan that it names, as they compile in production. */
export type StackFile = {
  plan: Plan;
  plan_file: string;
  plan_text: string;
  /** Of its plan's inventory; null without one. */
  stations: number | null;
  /** Of the flags file beside its plan. */
  flags: Flags;
} & ReturnType<typeof productionOf>;

/** Stacks among the files of the repository's root: those that have a configuration, Pulumi.NAME.yaml. */
export function stacksAmong(files: readonly string[]): string[] {
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** Throws an InputError with every fault of the configuration, or of the plan. `read` gives null for what is not there. */
export async function readStack(stack: string, read: ReadFile): Promise<StackFile> {
  const file = `Pulumi.${stack}.yaml`;
  const config = configIn(await required(file, read));
  const settings = readSettings((key) => text(config[`gridramp:${key}`]), file);
  // Asked for together: of a commit that is one process of git.
  const [plan_text, flags] = await Promise.all([required(settings.plan, read), flagsBeside(settings.plan, read)]);
  const plan = parsePlan(plan_text, settings.plan);
  const { apart, all } = await stationsIn({ plan, text: plan_text, file: settings.plan }, read);
  return { plan, plan_file: settings.plan, plan_text, stations: all, flags, ...productionOf(plan, settings, apart) };
}

/** The plan that a stack's configuration names, if it names one. */
export function planFileOf(stack_text: string): string | undefined {
  return text(configIn(stack_text)['gridramp:plan']);
}

function configIn(stack_text: string): Record<string, unknown> {
  const { config } = (parse(stack_text) ?? {}) as { config?: Record<string, unknown> };
  return config ?? {};
}

/** The same of the working tree, where all that the plan names must be there as well. */
export async function readOwnStack(stack: string, read: ReadFile): Promise<StackFile> {
  const found = await readStack(stack, read);
  await checkNamed({ plan: found.plan, text: found.plan_text, file: found.plan_file }, read);
  return found;
}

async function required(file: string, read: ReadFile): Promise<string> {
  const found = await read(file);
  if (found === null)
    throw new InputError([{ place: file, message: 'is not there', fix: 'add it, or correct its name' }]);
  return found;
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
