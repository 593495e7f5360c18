import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { sdkVersion } from '../../lab/provider-place.ts';

/**
 * Folder of plugins that holds the official provider of exactly the SDK's version, or null. Where it is installed the rehearsal uses it;
 * the lab's stand-in serves only machines that cannot have it, since no package registry carries it.
 */
export function officialPlugins(env: NodeJS.ProcessEnv = process.env): string | null {
  const plugins = path.join(env.PULUMI_HOME ?? path.join(homedir(), '.pulumi'), 'plugins');
  const plugin = path.join(plugins, `resource-kubernetes-v${sdkVersion()}`, 'pulumi-resource-kubernetes');
  return existsSync(plugin) ? plugins : null;
}
