import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { git } from '../plan/git.ts';

/** A repository of many services, each with the shipped plan and stack under its own name. */
export type Services = {
  folder: string;
  /** Writes the plans of the first `count` services with another share in them, and the rest as they are committed. */
  change: (count: number) => Promise<void>;
};

/** In a folder of its own, which the caller removes. */
export async function makeServices(count: number): Promise<Services> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-plan-'));
  const [plan, stack] = await Promise.all(
    ['rollouts/forecast.yaml', 'Pulumi.production.yaml'].map((file) => readFile(file, 'utf8')),
  );
  if (plan === undefined || stack === undefined) throw new Error('the shipped plan and stack are gone');
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const planFile = (name: string) => path.join(folder, 'rollouts', `${name}.yaml`);
  const planOf = (name: string) => replaced(plan, 'service: forecast', `service: ${name}`);
  await mkdir(path.join(folder, 'rollouts'));
  await mkdir(path.join(folder, 'docs/runbooks'), { recursive: true });
  await writeFile(path.join(folder, 'docs/runbooks/forecast-release.md'), '# Runbook\n');
  for (const name of names) {
    await writeFile(planFile(name), planOf(name));
    const named = replaced(stack, 'rollouts/forecast.yaml', `rollouts/${name}.yaml`);
    await writeFile(
      path.join(folder, `Pulumi.${name}.yaml`),
      replaced(named, 'namespace: forecast', `namespace: ${name}`),
    );
  }
  commit(folder);
  return {
    folder,
    change: async (changed) => {
      for (const [index, name] of names.entries())
        await writeFile(
          planFile(name),
          index < changed ? replaced(planOf(name), 'ramp: 10%', 'ramp: 12%') : planOf(name),
        );
    },
  };
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the shipped files hold no "${from}" any more`);
  return text.replace(from, to);
}

function commit(folder: string): void {
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...author, 'commit', '--quiet', '--message', 'as shipped'],
  ]) {
    const { code, stderr } = git(['-C', folder, ...args]);
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }
}
