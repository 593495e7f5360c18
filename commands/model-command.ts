import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { RegistryError } from '../model-server/registry/store.ts';

/** Runs a command that makes models to its exit code: what its user gave wrongly, a registry's bytes too, is told in its own words. */
export async function modelCommand(run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    const users = error instanceof InputError || error instanceof RegistryError;
    console.error(users ? error.message : error);
    return users ? exitCode.usage : exitCode.failure;
  }
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
