/** `npm run metrics`: writes docs/metrics.md from the constants of core/metrics.ts; `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { exitCode } from '../core/exit.ts';
import { metrics } from '../core/metrics.ts';
import { parseFlags } from './flags.ts';

const usage = `npm run metrics [-- --check]   writes docs/metrics.md from core/metrics.ts, or checks that it is fresh

Exit codes: 0 written or fresh, 1 not fresh, 2 wrong usage.`;
const flags = parseFlags(usage, { check: { type: 'boolean' } });

const file = 'docs/metrics.md';
const rows = Object.values(metrics).map(
  ({ name, type, unit, labels, exporter, help }) =>
    `| \`${name}\` | ${type} | ${unit} | ${labels.join(', ')} | ${exporter} | ${help} |`,
);
const page = `# Metrics

Generated from \`core/metrics.ts\` by \`npm run metrics\`; do not edit. Prometheus adds \`pod\`, \`namespace\` and, on model servers, \`pod_hash\`.

| name | type | unit | labels | exporter | meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;

if (!flags.check) await writeFile(file, page);
else if ((await readFile(file, 'utf8')) !== page) {
  console.error(`${file} is not what core/metrics.ts says; run: npm run metrics`);
  process.exit(exitCode.failure);
}
