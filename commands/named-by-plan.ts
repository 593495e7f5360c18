import { relative } from 'node:path';
import { ARM_FLAG, flagsFileOf } from '../core/compile/flags.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { parseFlags } from '../core/flags-file.ts';
import { type Fault, InputError } from '../core/input-error.ts';
import type { Plan } from '../core/plan.ts';
import { placesIn } from '../core/plan-file.ts';
import type { ReadFile } from './plan/blobs.ts';

/** A plan with the file that it was read from. */
export type PlanFile = { plan: Plan; text: string; file: string };

/**
 * Throws an InputError where something is not there that a plan names: its runbook, or the flags that it retires in the flags file beside it.
 * `read` gives null for such a file.
 */
export async function checkNamed(written: PlanFile, read: ReadFile): Promise<void> {
  const { plan, text, file } = written;
  const faults = [
    ...(await runbookFaults({ runbook: plan.runbook, text, file }, read)),
    ...(await flagFaults(written, read)),
  ];
  if (faults.length > 0) throw new InputError(faults);
}

/** Paths in a plan count from the root of its repository, which is known for plans of this one alone. */
export function isOfThisRepository(file: string): boolean {
  return !relative(process.cwd(), file).startsWith('..');
}

/** Whether its runbook is a page elsewhere, or a file that is there. */
export async function hasRunbook({ runbook }: Pick<Plan, 'runbook'>, read: ReadFile): Promise<boolean> {
  return runbook.startsWith('https:') || (await read(runbook)) !== null;
}

/** A runbook that is a path, and is not there. */
export async function runbookFaults(
  { runbook, text, file }: { runbook: string; text: string; file: string },
  read: ReadFile,
): Promise<Fault[]> {
  if (!isOfThisRepository(file) || (await hasRunbook({ runbook }, read))) return [];
  const place = placesIn(text, file)(['runbook']);
  return [{ place, message: `there is no ${runbook} in this repository`, fix: 'add it, or correct its path' }];
}

async function flagFaults({ plan, text, file }: PlanFile, read: ReadFile): Promise<Fault[]> {
  const retired = plan.steps.flatMap((step, index) =>
    step.kind === 'retire' ? step.flags.map((name, position) => ({ index, name, position })) : [],
  );
  if (retired.length === 0) return [];
  const flags_file = flagsFileOf(file);
  const written = await read(flags_file);
  const known =
    written === null ? [] : Object.keys(parseFlags(written, flags_file)).filter((name) => name !== ARM_FLAG);
  const place = placesIn(text, file);
  return retired
    .filter(({ name }) => !known.includes(name))
    .map(({ index, name, position }) => ({
      place: place(['phases', index, 'retire', 'flags', position]),
      message: `"${name}" is no flag of ${flags_file}${written === null ? ', which is not there' : ''}`,
      fix: known.length === 0 ? 'remove it' : didYouMean(name, known),
    }));
}
