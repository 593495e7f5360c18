import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { LAB_MARK } from '../../lab/reaper.ts';
import type { ServingInputs } from '../../stacks/serving-manifests.ts';
import { servingUp } from '../serving-up.ts';

export type StackPlace = {
  /** Id of the lab, whose mark the engine's processes carry: whoever clears the lab away finds them by it. */
  lab: string;
  /** Folder for the engine's state and its own home: it must meet neither the user's stacks nor their plugins' cache. */
  dir: string;
  /** Whom the provider applies as. */
  kubeconfig: string;
  /** A provider that already runs, as PULUMI_DEBUG_PROVIDERS names it, or a folder of plugins with the official one. */
  provider: { attached: string } | { plugins: string };
};

/** What the program applies; which releases were aborted it asks the cluster. */
export type ServingRelease = Omit<ServingInputs, 'aborted'>;

const STACK = 'serving-lab';

/** Applies the serving program by the Pulumi engine. Resolves when every object is accepted; nobody waits for the canary here. */
export async function applyServing(place: StackPlace, release: ServingRelease, signal: AbortSignal): Promise<void> {
  const stack = await stackOf(place, release);
  signal.throwIfAborted();
  await stack.up({ color: 'never', suppressProgress: true, signal });
}

async function stackOf({ lab, dir, kubeconfig, provider }: StackPlace, release: ServingRelease): Promise<Stack> {
  // Half a second of loading that a refused release never needs.
  const { LocalWorkspace } = await import('@pulumi/pulumi/automation/index.js');
  const state = path.join(dir, 'state');
  const home = path.join(dir, 'home');
  for (const folder of [state, home]) await mkdir(folder, { recursive: true, mode: 0o700 });
  if ('plugins' in provider) await linkOnce(provider.plugins, path.join(home, 'plugins'));
  return LocalWorkspace.createOrSelectStack(
    { projectName: 'gridramp', stackName: STACK, program: () => servingUp(release) },
    {
      stackSettings: { [STACK]: { config: { 'kubernetes:kubeconfig': kubeconfig } } },
      pulumiHome: home,
      envVars: {
        [LAB_MARK]: lab,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: '',
        KUBECONFIG: kubeconfig,
        ...('attached' in provider ? { PULUMI_DEBUG_PROVIDERS: provider.attached } : {}),
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
    },
  );
}

async function linkOnce(target: string, link: string): Promise<void> {
  await symlink(target, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
