import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Folder of plugins that holds the official provider of exactly the SDK's version, or null. Where it is installed the rehearsal uses it;
 * the lab's stand-in serves only machines that cannot have it, since no package registry carries it.
 */
export function officialPlugins(env: NodeJS.ProcessEnv = process.env): string | null {
  const plugins = path.join(env.PULUMI_HOME ?? path.join(homedir(), '.pulumi'), 'plugins');
  const plugin = path.join(plugins, `resource-kubernetes-v${sdkVersion()}`, 'pulumi-resource-kubernetes');
  return existsSync(plugin) ? plugins : null;
}

function sdkVersion(): string {
  const file = createRequire(import.meta.url).resolve('@pulumi/kubernetes/package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version.replace(/^v/, '');
}
