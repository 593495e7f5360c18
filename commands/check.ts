/** `npm run check`: format, lint, types, arrows between folders, dead code and generated files. All of them run; each fault is shown. */
import { $ } from 'zx';
import { exitCode } from '../core/exit.ts';
import { parseFlags } from './flags.ts';

type Check = { name: string; command: string[]; mend: string };

const node = process.execPath;

const checks: Check[] = [
  { name: 'format and lint', command: ['biome', 'ci', '.'], mend: 'node_modules/.bin/biome check --write .' },
  { name: 'types', command: ['tsc'], mend: 'mend the types' },
  {
    name: 'arrows between folders',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', '.'],
    mend: 'share through core/, see Folders in README.md',
  },
  { name: 'dead code and packages', command: ['knip'], mend: 'delete what nothing uses' },
  { name: 'manifests/ is fresh', command: [node, 'commands/manifests.ts', '--check'], mend: 'npm run manifests' },
  { name: 'policies', command: [node, 'commands/policies.ts'], mend: 'what each finding says, see docs/policies.md' },
  { name: 'docs/metrics.md is fresh', command: [node, 'commands/metrics.ts', '--check'], mend: 'npm run metrics' },
  {
    name: 'docs/plan-fields.md and core/plan-validator.mjs are fresh',
    command: [node, 'commands/plan-fields.ts', '--check'],
    mend: 'npm run plan:fields',
  },
];

const usage = `npm run check   ${checks.map(({ name }) => name).join(', ')}

Exit codes: 0 all hold, 1 at least one does not, 2 wrong usage.`;
parseFlags(usage, {});

let failed = 0;
for (const { name, command, mend } of checks) {
  const started = performance.now();
  const result = await $({
    nothrow: true,
    quiet: true,
    preferLocal: true,
    env: { ...process.env, NO_COLOR: '1' },
  })`${command}`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${result.ok ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (result.ok) continue;
  failed += 1;
  console.log(`${result.stdout}${result.stderr}`.trimEnd());
  console.log(`  to mend: ${mend}`);
}
process.exit(failed === 0 ? exitCode.ok : exitCode.failure);
