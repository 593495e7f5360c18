import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { type ServingInputs, servingProgram } from '../../stacks/serving.ts';

export type StackPlace = {
  /** Folder for the engine's state and its own home: it must meet neither the user's stacks nor their plugins' cache. */
  dir: string;
  /** Value of PULUMI_DEBUG_PROVIDERS: a provider that already runs. */
  providers: string;
};

/** Applies the serving program by the Pulumi engine. Resolves when every object is accepted; nobody waits for the canary here. */
export async function applyServing(place: StackPlace, inputs: ServingInputs): Promise<void> {
  const stack = await stackOf(place, inputs);
  await stack.up({ color: 'never', suppressProgress: true });
}

async function stackOf({ dir, providers }: StackPlace, inputs: ServingInputs): Promise<Stack> {
  // Half a second of loading that a refused release never needs.
  const { LocalWorkspace } = await import('@pulumi/pulumi/automation/index.js');
  const state = path.join(dir, 'state');
  await mkdir(state, { recursive: true, mode: 0o700 });
  return LocalWorkspace.createOrSelectStack(
    { projectName: 'gridramp', stackName: 'serving-lab', program: servingProgram(inputs) },
    {
      pulumiHome: path.join(dir, 'home'),
      envVars: {
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: '',
        PULUMI_DEBUG_PROVIDERS: providers,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
    },
  );
}
