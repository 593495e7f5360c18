import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProcessDescription } from './process.ts';
import { readFrom } from './process-log.ts';

/** What the provider's log says once it listens, after a line with its port alone. */
export const PROVIDER_READY = 'the lab provider listens';

/** The stand-in provider as a process of the lab. Link it to the step that grants the kubeconfig's user access. */
export function providerProcess(kubeconfig: string, links: readonly string[]): ProcessDescription {
  return {
    name: 'provider',
    command: process.execPath,
    args: [fileURLToPath(new URL('provider.ts', import.meta.url)), kubeconfig],
    links,
    ready: { kind: 'log', text: PROVIDER_READY },
  };
}

/** Value of PULUMI_DEBUG_PROVIDERS, by which the engine attaches to the provider that writes this log. */
export function attachedProvider(log: string): string {
  const port = readFrom(log, 0).match(/^\d+$/gm)?.at(-1);
  if (port === undefined) throw new Error(`${log} does not say on which port the provider listens: is it running?`);
  return `kubernetes:${port}`;
}

/** Version of the installed @pulumi/kubernetes, as plugins' folders and providers write it: the provider is as old as the SDK it serves. */
export function sdkVersion(): string {
  const file = fileURLToPath(import.meta.resolve('@pulumi/kubernetes/package.json'));
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version.replace(/^v/, '');
}
